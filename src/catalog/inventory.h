// Reads the whole catalog of a database into an Inventory: every restorable object, in a valid restore order, acyclic.
//
// The connection should be inside a REPEATABLE READ READ ONLY transaction (prepare_transaction), so that all queries see
// one state. The number of queries does not depend on the number of objects.
#pragma once

#include <functional>
#include <string_view>

#include "model/inventory.h"
#include "pg/connection.h"

namespace pghaul::catalog {

struct ReadOptions {
  bool large_objects = true;
  // Told before each kind is read: "enum types".
  std::function<void(std::string_view title)> progress;
};

// Session settings under which catalog and rows read the same everywhere: empty search_path, ISO dates, full float
// precision, no time-outs, no row security filtering. For every connection that reads a source, and for verification.
// Throws Error(preflight) for servers older than 13.
void prepare_session(pg::Connection& connection);

// BEGIN REPEATABLE READ READ ONLY; snapshot: one to import, or empty. deferrable: SERIALIZABLE ... DEFERRABLE.
void prepare_transaction(pg::Connection& connection, const std::string& snapshot, bool deferrable);

model::Inventory read_inventory(pg::Connection& connection, const ReadOptions& options = {});

}  // namespace pghaul::catalog
