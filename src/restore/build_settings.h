// Memory and parallel workers of index builds (documentation 19.4.1, 19.4.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pg/connection.h"

namespace pghaul::restore {

struct Options;

// The memory of a sort of so many bytes, with a build's own being at most own_bytes: the least with which its runs are merged in one
// pass, at least 8 MB. A btree's sort is bound by the caches: runs that fit into them are compared faster, and one merge of them
// costs little (10 million keys of 14 letters, CPU: 4 to 8 MB 24 s, 64 MB 30 s, 256 MB 35 s). 0 bytes, which is unknown: own_bytes.
// A run that is merged takes a buffer of 256 kB and some (src/backend/utils/sort/tuplesort.c: MERGE_BUFFER_SIZE).
std::uint64_t sort_memory_bytes(std::uint64_t sort_bytes, std::uint64_t own_bytes);

// Memory: for a sort, as above; a GIN, whose tree is merged into pages whenever memory is full, has the target's own
// maintenance_work_mem. So has a build with parallel workers, which share it: PostgreSQL wants 32 MB for each of them.
// Workers: one for each job that has nothing else to do when a build begins, up to max_parallel_workers: while every job is busy,
// helpers would only take the processors from the others. Options override both.
class BuildSettings {
 public:
  // Throws Error(server) when the target refuses the size that the user wants.
  BuildSettings(pg::Connection& target, const Options& options);

  // What a session runs before it builds.
  std::string statements(unsigned idle_jobs, std::uint64_t sort_bytes) const;

 private:
  std::string fixed_memory_;  // quoted; empty: chosen
  std::uint64_t own_bytes_ = 0;
  unsigned max_workers_ = 0;
  std::optional<unsigned> fixed_workers_;
};

}  // namespace pghaul::restore
