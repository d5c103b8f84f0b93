// ACCESS SHARE locks on every table, taken before the snapshot: what the catalog says and what the rows look like cannot
// drift apart afterwards.
#pragma once

#include "dump/dump.h"

namespace pghaul::dump {

// Begins the keeper's transaction with all user tables locked. When it returns, the transaction's snapshot is fixed and
// every table in it is locked. Error(preflight) lists all tables that the role may not read; a table that vanishes meanwhile
// makes it begin anew.
void lock_and_begin(pg::Connection& keeper, const Options& options, Progress& progress);

}  // namespace pghaul::dump
