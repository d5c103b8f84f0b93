// pghaul restore

#include "restore/restore.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "base/error.h"
#include "cli/report.h"
#include "cli/selection.h"
#include "cli/terminal.h"
#include "cli/wiring.h"
#include "format/selected.h"

namespace pghaul::cli {
namespace {

// Into tables that are there, with their foreign keys: then the order of rows matters.
bool rows_alone(const model::Selection& wanted) { return wanted.data && !wanted.pre_data && !wanted.post_data; }

bool is_file(const std::string& path) {
  std::error_code why_not;  // reading it will tell
  return path != "-" && std::filesystem::is_regular_file(path, why_not);
}

std::unique_ptr<format::Source> open_stream(const Run& run, const std::string& path) {
  auto archive = format::read_archive(path);
  // Whoever writes to our standard input may keep us waiting for the catalog.
  std::stop_callback on_stop(run.stop, [&] {
    archive->fail(std::make_exception_ptr(Error(Fault::cancelled, "stopped: nothing was changed").hint("run it again at any time")));
  });
  archive->inventory();
  return archive;
}

}  // namespace

ExitCode restore(const Run& run) {
  std::string path = file_operand(run.arguments);
  Reporter reporter(run);
  restore::Options options = restore_options(run, "dbname");
  model::Selection wanted = selection(run.arguments);
  wanted.any_foreign_data = wanted.foreign_data.empty();
  std::unique_ptr<format::ArchiveFile> file;  // or:
  std::unique_ptr<format::Source> stream;
  if (rows_alone(wanted) && is_file(path) && !run.arguments.has("list")) file = format::open_archive(path);
  else stream = open_stream(run, path);
  model::Inventory whole = file ? file->take_inventory() : stream->take_inventory();
  const std::size_t told_before = whole.warnings.size();
  model::Selected selected = model::select(std::move(whole), wanted);
  if (run.arguments.has("list")) {
    std::string list = list_text(selected.inventory, selected.from);
    std::fwrite(list.data(), 1, list.size(), stdout);
    return exit_done;
  }
  adapt(run, selected.inventory);
  for (std::size_t i = told_before; i < selected.inventory.warnings.size(); ++i) run.progress.warn(selected.inventory.warnings[i]);
  auto source = file ? format::make_ordered(std::move(file), std::move(selected.inventory), selected.from)
                     : format::make_selected(std::move(stream), std::move(selected.inventory), selected.from);
  restore::Report report = restore::run(options, *source, run.progress);

  reporter.line(fmt::format("restored {} in {}", printable(report.database), reporter.elapsed()));
  reporter.list("objects", in_words(objects_by_kind(source->inventory())));
  reporter.line(fmt::format("  rows      {} in {} tables, {}", human_count(report.rows), report.tables, human_bytes(report.raw_bytes)));
  boost::json::array skipped;
  for (const restore::Skipped& one : report.skipped) {
    reporter.line(fmt::format("  skipped   {}: {}", printable(one.entry), printable(one.reason)));
    skipped.push_back({{"entry", one.entry}, {"reason", printable(one.reason)}});
  }
  boost::json::object json = totals_json(source->inventory(), source->totals());
  json["ok"] = report.skipped.empty();
  json["database"] = report.database;
  json["entries"] = report.entries;
  json["rows"] = report.rows;
  json["raw_bytes"] = report.raw_bytes;
  json["skipped"] = std::move(skipped);
  reporter.json(std::move(json));
  return report.skipped.empty() ? exit_done : exit_skipped;
}

}  // namespace pghaul::cli
