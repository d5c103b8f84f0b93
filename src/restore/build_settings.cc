#include "restore/build_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "model/ident.h"
#include "restore/restore.h"

namespace pghaul::restore {

std::uint64_t sort_memory_bytes(std::uint64_t sort_bytes, std::uint64_t own_bytes) {
  constexpr std::uint64_t least = std::uint64_t{8} << 20, merged_run = std::uint64_t{264} << 10;
  if (sort_bytes == 0) return own_bytes;
  // sort_bytes / memory runs, and memory / merged_run of them at a time. Whole powers of two: a session seldom changes it.
  auto one_pass = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(sort_bytes) * static_cast<double>(merged_run)));
  return std::min(own_bytes, std::bit_ceil(std::max(one_pass, least)));
}

BuildSettings::BuildSettings(pg::Connection& target, const Options& options) : fixed_workers_(options.parallel_maintenance_workers) {
  if (!options.maintenance_work_mem.empty()) {
    fixed_memory_ = model::quote_literal(options.maintenance_work_mem);
    with_context([] { return std::string("--maintenance-work-mem"); }, [&] { target.exec("SET maintenance_work_mem = " + fixed_memory_); });
  }
  max_workers_ = static_cast<unsigned>(std::stoul(target.scalar("SHOW max_parallel_workers")));
  own_bytes_ = std::stoull(target.scalar("SELECT pg_catalog.pg_size_bytes(pg_catalog.current_setting('maintenance_work_mem'))"));
}

std::string BuildSettings::statements(unsigned idle_jobs, std::uint64_t sort_bytes) const {
  unsigned workers = fixed_workers_.value_or(std::min(idle_jobs, max_workers_));
  std::uint64_t memory = workers ? own_bytes_ : sort_memory_bytes(sort_bytes, own_bytes_);
  std::string set_memory = fixed_memory_.empty() ? fmt::format("'{}kB'", memory >> 10) : fixed_memory_;
  return fmt::format("SET max_parallel_maintenance_workers = {}; SET maintenance_work_mem = {}", workers, set_memory);
}

}  // namespace pghaul::restore
