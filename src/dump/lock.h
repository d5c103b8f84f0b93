// ACCESS SHARE locks on every table, taken before the snapshot: what the catalog says and what the rows look like cannot
// drift apart afterwards.
#pragma once

#include "dump/dump.h"

namespace pghaul::dump {

// Begins the keeper's transaction with all user tables locked. When it returns, the transaction's snapshot is fixed and
// every table in it is locked. Error(preflight) lists all tables that the role may not read. A table that comes meanwhile
// makes it begin anew, with another connection beside it that sees tables come before there is a snapshot; one that goes does not.
void lock_and_begin(pg::Connection& keeper, const Options& options, Progress& progress);

}  // namespace pghaul::dump
