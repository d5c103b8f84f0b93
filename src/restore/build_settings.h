// Memory and parallel workers of index builds (documentation 19.4.1, 19.4.3).
#pragma once

#include <optional>
#include <string>

#include "pg/connection.h"

namespace pghaul::restore {

struct Options;

// Memory: the target's own maintenance_work_mem. More of it made no build faster where the index fits into memory: sorts and GIN's
// tree leave the processor's caches (2 GB of rows: 64 MB 19.9 s of CPU for all builds, 512 MB 23.3 s).
// Workers: one for each job that has nothing else to do when a build begins, up to max_parallel_workers: while every job is busy,
// helpers would only take the processors from the others. Options override both.
class BuildSettings {
 public:
  // Throws Error(server) when the target refuses the size that the user wants.
  BuildSettings(pg::Connection& target, const Options& options);

  void set_memory(pg::Connection& connection) const;
  void set_workers(pg::Connection& connection, unsigned idle_jobs) const;

 private:
  std::string memory_;  // quoted; empty: as it is
  unsigned max_workers_ = 0;
  std::optional<unsigned> fixed_workers_;
};

}  // namespace pghaul::restore
