// What belongs to a whole server (--globals), and names that change on the target.
#pragma once

#include "base/progress.h"
#include "model/inventory.h"
#include "restore/restore.h"

namespace pghaul::restore {

// Roles and tablespaces that the target lacks are made; those that it has stay as they are, with a word. Then memberships and
// settings; what the target refuses of those is a warning.
void restore_globals(pg::Connection& connection, const model::Inventory& inventory, Progress& progress);

// --map-schema: Error(preflight) when an old name is not restored here, or a new one is taken.
void check_new_names(pg::Connection& connection, const Options& options, const model::Inventory& inventory);

}  // namespace pghaul::restore
