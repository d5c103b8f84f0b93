// pghaul inspect

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/wiring.h"
#include "format/archive.h"
#include "restore/script.h"

namespace pghaul::cli {
namespace {

std::string time_text(std::int64_t microseconds) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(static_cast<std::time_t>(microseconds / 1'000'000)));
}

void print_overview(const Reporter& reporter, const std::string& path, const format::Overview& overview) {
  const model::Origin& origin = overview.inventory.origin;
  reporter.line(fmt::format("{}: archive {}, format {}.{}{}", printable(path), format::to_string(overview.uuid), overview.format_major,
                            overview.format_minor, overview.complete ? "" : ", INCOMPLETE: it ends without its index"));
  reporter.line(fmt::format("  source    {} on PostgreSQL {}, {}, {}", printable(origin.database), printable(origin.server_version_text),
                            printable(origin.encoding), printable(origin.collate)));
  reporter.line(fmt::format("  snapshot  {}", time_text(origin.snapshot_time_us)));
  reporter.list("objects", in_words(objects_by_kind(overview.inventory)));
  reporter.line(fmt::format("  rows      {} in {} tables, {} chunks", human_count(overview.totals.rows), overview.totals.relations.size(),
                            overview.totals.chunks));
  reporter.line(fmt::format("  bytes     {} raw, {} in the file", human_bytes(overview.totals.raw_bytes), human_bytes(overview.file_bytes)));
  auto relations = overview.totals.relations;
  std::stable_sort(relations.begin(), relations.end(), [](const auto& a, const auto& b) { return a.raw_bytes > b.raw_bytes; });
  reporter.line("");
  reporter.line(fmt::format("  {:>14}  {:>9}  {:6}  {}", "rows", "raw", "form", "table"));
  for (const format::RelationEnd& end : relations)
    reporter.line(fmt::format("  {:>14}  {:>9}  {:6}  {}", human_count(end.rows), human_bytes(end.raw_bytes),
                              end.format == model::CopyFormat::binary ? "binary" : "text", printable(table_name(overview.inventory.at(end.relation)))));
}

}  // namespace

ExitCode inspect(const Run& run) {
  std::string path = file_operand(run.arguments);
  Reporter reporter(run);
  format::Overview overview = format::read_overview(path, true);
  if (run.arguments.has("sql")) {
    std::string sql = restore::script(overview.inventory, {});
    std::fwrite(sql.data(), 1, sql.size(), stdout);
    return exit_done;
  }
  print_overview(reporter, path, overview);
  boost::json::object json = totals_json(overview.inventory, overview.totals);
  json["ok"] = overview.complete;
  json["complete"] = overview.complete;
  json["uuid"] = format::to_string(overview.uuid);
  boost::json::object objects;
  for (const auto& [name, count] : objects_by_kind(overview.inventory)) objects[name] = count;
  json["objects"] = std::move(objects);
  reporter.json(std::move(json));
  return overview.complete ? exit_done : exit_damaged;
}

}  // namespace pghaul::cli
