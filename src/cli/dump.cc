// pghaul dump

#include "dump/dump.h"

#include <fmt/format.h>

#include "base/error.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/wiring.h"

namespace pghaul::cli {

ExitCode dump(const Run& run) {
  std::string path = run.arguments.get("file");
  if (!run.arguments.operands.empty())
    throw Error(Fault::usage, "dump takes no operand: '" + printable(run.arguments.operands.front()) + "'").hint("name the archive with -f");
  if (path.empty()) throw Error(Fault::usage, "no archive named").hint("name it with -f FILE; -f - writes to standard output");
  Reporter reporter(run, path == "-");
  dump::Options options = dump_options(run, "dbname");  // what does not fit is told before a file is made
  auto sink = format::write_archive(path, write_options(run));
  dump::Report report = dump::run(options, *sink, run.progress);

  const format::Totals& totals = report.totals;
  double ratio = totals.stored_bytes ? static_cast<double>(totals.raw_bytes) / static_cast<double>(totals.stored_bytes) : 0;
  reporter.line(fmt::format("dumped {} in {}", printable(report.inventory->origin.database), reporter.elapsed()));
  reporter.list("objects", in_words(objects_by_kind(*report.inventory)));
  reporter.line(fmt::format("  rows      {} in {} tables, {} chunks", human_count(totals.rows), totals.relations.size(), totals.chunks));
  reporter.line(fmt::format("  bytes     {} raw, {} stored ({:.1f} to 1)", human_bytes(totals.raw_bytes), human_bytes(totals.stored_bytes), ratio));
  if (path != "-") reporter.line(fmt::format("  archive   {}", printable(path)));
  boost::json::object json = totals_json(*report.inventory, totals);
  json["ok"] = true;
  json["archive"] = path;
  reporter.json(std::move(json));
  return exit_done;
}

}  // namespace pghaul::cli
