// Reads the whole catalog of a database into an Inventory: every restorable object, in a valid restore order, acyclic.
//
// The connection should be inside a REPEATABLE READ READ ONLY transaction (prepare_transaction), so that all queries see
// one state. The number of queries does not depend on the number of objects.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "model/inventory.h"
#include "pg/connection.h"

namespace pghaul::catalog {

struct ReadOptions {
  // Another session on the same snapshot (prepare_transaction with the snapshot's name): the two share the work. Reset when it was
  // lost, or had to wait for a lock longer than its lock_timeout; all is read all the same.
  std::optional<pg::Connection>* second = nullptr;
  bool large_objects = true;
  bool foreign_data = false;  // data entries for foreign tables, too
  bool globals = false, role_passwords = false;  // roles and tablespaces of the server, too
  // Told before each kind is read: "enum types".
  std::function<void(std::string_view title)> progress;
};

struct SessionOptions {
  bool row_security = false;  // rows that policies hide are left out, instead of being an error
  bool foreign_data = false;  // foreign tables may be read
};

// Session settings under which catalog and rows read the same everywhere: empty search_path, ISO dates, full float
// precision, no time-outs. For every connection that reads a source, and for verification.
// Throws Error(preflight) for servers older than 13.
void prepare_session(pg::Connection& connection, const SessionOptions& options = {});

// BEGIN REPEATABLE READ READ ONLY; snapshot: one to import, or empty. deferrable: SERIALIZABLE ... DEFERRABLE.
void prepare_transaction(pg::Connection& connection, const std::string& snapshot, bool deferrable);

// Where this is: what an Inventory begins with, without a snapshot's name.
model::Origin read_origin(pg::Connection& connection);

model::Inventory read_inventory(pg::Connection& connection, const ReadOptions& options = {});

}  // namespace pghaul::catalog
