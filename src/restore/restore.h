// Replays a stream into a target database.
//
//   connect      or create the database (--create), then prepare the session
//   check        everything the target lacks, and everything in the way, before anything is changed
//   create       pre-data entries and sequence values, in batches, on one connection
//   work         `jobs` connections: rows as the stream brings them, indexes and constraints as soon as their tables are in
//   analyze      planner statistics
//   finish       privileges, then what is late: refreshes, publications, event triggers
//
// A chunk is one COPY and one transaction; where the server's answers take long on their way, a COPY takes several. Rows are counted
// by the server and compared with the chunks' own counts. Memory: (2 * jobs + 2) stored or raw chunks, and where several share a
// COPY, those that wait for its end.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/progress.h"
#include "format/stream.h"
#include "pg/connection.h"
#include "restore/policy.h"

namespace pghaul::restore {

struct Options {
  pg::ConnectOptions target;
  unsigned jobs = 2;
  Policy policy;
  bool create = false;
  bool analyze = true;
  bool keep_going = false;
  bool clean = false, if_exists = false;  // drop first what is restored
  bool create_roles = false;        // that are needed and missing
  bool disable_triggers = false;    // load as a replica does: triggers and foreign keys stay silent
  bool row_security = false;
  std::map<std::string, std::string> schemas;  // --map-schema: old names and new ones
  std::string role;                 // SET ROLE; empty: none
  std::string maintenance_work_mem; // for index builds: as PostgreSQL takes it; empty: the target's own
  std::optional<unsigned> parallel_maintenance_workers;  // for each of them; none: chosen
  std::uint64_t rate_limit = 0;     // bytes of rows a second, of all jobs together; 0: none
  std::size_t waiting_chunks = 0;   // that may wait for a worker; 0: two a job
  std::size_t chunks_a_copy = 4;    // at most, where the server is far away
  std::uint64_t two_steps_from = 8 << 20;  // keys whose work is this are made beside the table's other indexes (Entry::index_sql)
  std::stop_token stop;
};

struct Skipped {
  std::string entry;    // "INDEX public.orders_idx (entry 812)"
  std::string reason;
};

struct Report {
  std::string database;             // where the entries went
  std::uint64_t entries = 0;        // restored
  std::uint64_t rows = 0, raw_bytes = 0, tables = 0;
  std::vector<Skipped> skipped;     // with keep_going: what failed, and what was left out because of it
};

Report run(const Options& options, format::Source& source, Progress& progress);

}  // namespace pghaul::restore
