#include "restore/build_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/ident.h"
#include "restore/restore.h"

namespace pghaul::restore {

BuildSettings::BuildSettings(pg::Connection& target, const Options& options) : fixed_workers_(options.parallel_maintenance_workers) {
  if (!options.maintenance_work_mem.empty()) memory_ = model::quote_literal(options.maintenance_work_mem);
  with_context([] { return std::string("--maintenance-work-mem"); }, [&] { set_memory(target); });
  max_workers_ = static_cast<unsigned>(std::stoul(target.scalar("SHOW max_parallel_workers")));
}

void BuildSettings::set_memory(pg::Connection& connection) const {
  if (!memory_.empty()) connection.exec("SET maintenance_work_mem = " + memory_);
}

void BuildSettings::set_workers(pg::Connection& connection, unsigned idle_jobs) const {
  connection.exec(fmt::format("SET max_parallel_maintenance_workers = {}", fixed_workers_.value_or(std::min(idle_jobs, max_workers_))));
}

}  // namespace pghaul::restore
