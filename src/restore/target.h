// Sessions on the target.
#pragma once

#include <functional>

#include "model/inventory.h"
#include "restore/restore.h"

namespace pghaul::restore {

// SETs that the target's version knows: empty search_path, the source's encoding as client_encoding, no time-outs, no body checks,
// asynchronous commits, a short deadlock_timeout where the role may. For every connection that writes.
void prepare_session(pg::Connection& connection, const Options& options, const model::Inventory& inventory);

// The database to restore into: options.target, or, with --create, the one that it makes. As pg_restore has it, with --create the
// connection is only used to make the database that the archive names; but when the connection's own database does
// not exist yet, that is the one that is made.
// check is run on the connection before the database is made.
pg::ConnectOptions open_database(const Options& options, const model::Inventory& inventory,
                                 const std::function<void(pg::Connection&)>& check, Progress& progress);

}  // namespace pghaul::restore
