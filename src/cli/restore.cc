// pghaul restore

#include "restore/restore.h"

#include <fmt/format.h>

#include "base/error.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/wiring.h"

namespace pghaul::cli {

ExitCode restore(const Run& run) {
  std::string path = file_operand(run.arguments);
  Reporter reporter(run.arguments);
  auto source = format::read_archive(path);
  restore::Report report = restore::run(restore_options(run, "dbname"), *source, run.progress);

  reporter.line(fmt::format("restored {} in {}", printable(report.database), reporter.elapsed()));
  reporter.line(fmt::format("  objects   {}", in_words(objects_by_kind(source->inventory()))));
  reporter.line(fmt::format("  rows      {} in {} tables, {}", human_count(report.rows), report.tables, human_bytes(report.raw_bytes)));
  boost::json::array skipped;
  for (const restore::Skipped& one : report.skipped) {
    reporter.line(fmt::format("  skipped   {}: {}", printable(one.entry), printable(one.reason)));
    skipped.push_back({{"entry", one.entry}, {"reason", printable(one.reason)}});
  }
  reporter.json({{"ok", report.skipped.empty()},
                 {"database", report.database},
                 {"entries", report.entries},
                 {"rows", report.rows},
                 {"raw_bytes", report.raw_bytes},
                 {"table_count", report.tables},
                 {"skipped", std::move(skipped)},
                 {"stream", totals_json(source->inventory(), source->totals())}});
  return report.skipped.empty() ? exit_done : exit_skipped;
}

}  // namespace pghaul::cli
