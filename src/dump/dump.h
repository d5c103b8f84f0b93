// Reads a database, catalog and rows, on one snapshot, and puts it into a stream.
//
//   keeper   one connection: locks, snapshot, catalog; stays in its transaction until the end
//   workers  `jobs` connections that import the snapshot and pull tasks of the plan, in its order
//
// Rows of a task become chunks of the stream as they arrive; no row is held longer than its chunk. Memory: one chunk a worker,
// plus what the sink holds, plus the largest row. A worker that loses its connection reconnects and takes its task up
// again; rows that it had already sent are read again, checked against their digest, and not sent twice.
#pragma once

#include <stop_token>
#include <string>

#include "base/progress.h"
#include "catalog/inventory.h"
#include "dump/plan.h"
#include "format/stream.h"
#include "model/select.h"
#include "pg/connection.h"

namespace pghaul::dump {

struct Options {
  pg::ConnectOptions source;
  unsigned jobs = 2;
  FormatChoice copy_format = FormatChoice::automatic;
  std::size_t chunk_bytes = format::default_chunk_bytes;
  std::uint64_t rate_limit = 0;         // bytes of rows a second, of all workers together; 0: none
  model::Selection selection;
  bool globals = false, role_passwords = false;  // roles and tablespaces of the server, too
  bool row_security = false;            // rows that policies hide are left out, instead of being an error
  bool deferrable = false;              // SERIALIZABLE DEFERRABLE
  std::string snapshot;                 // import this one instead of exporting one; empty: export
  std::uint64_t lock_timeout_ms = 0;    // 0: wait for locks as long as it takes
  std::string role;                     // SET ROLE; empty: none
  bool dry_run = false;                 // catalog and plan only: the sink is not touched
  std::stop_token stop;
};

struct Report {
  format::InventoryPtr inventory;
  Plan plan;
  format::Totals totals;
};

// Of every connection that reads the source.
catalog::SessionOptions session_options(const Options& options);

Report run(const Options& options, format::Sink& sink, Progress& progress);

}  // namespace pghaul::dump
