// pghaul verify: an archive by itself, an archive against a database, or two databases.

#include "verify/verify.h"

#include <fmt/format.h>

#include "base/error.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/wiring.h"

namespace pghaul::cli {
namespace {

constexpr std::string_view what_names[] = {"missing", "extra", "definition", "owner", "privileges", "comment", "label", "rows", "sequence", "setting"};

std::string shortened(const std::string& text) {
  constexpr std::size_t at_most = 400;
  std::string shown = printable(text);
  return shown.size() > at_most ? shown.substr(0, at_most) + " ..." : shown;
}

void report_difference(const Reporter& reporter, const verify::Difference& difference) {
  auto what = what_names[static_cast<std::size_t>(difference.what)];
  reporter.line(fmt::format("DIFFERS  {}: {}", printable(difference.object), what));
  if (!difference.expected.empty()) reporter.line("  expected  " + shortened(difference.expected));
  if (!difference.found.empty()) reporter.line("  found     " + shortened(difference.found));
}

ExitCode report_comparison(const Run& run, const Reporter& reporter, const verify::Report& report, const std::string& sides) {
  for (const verify::Difference& difference : report.differences) report_difference(reporter, difference);
  reporter.line(fmt::format("compared {} in {}", printable(sides), reporter.elapsed()));
  reporter.line(fmt::format("  {} entries, {} rows in {} tables, {}", human_count(report.entries_compared), human_count(report.rows),
                            report.tables.size(), human_bytes(report.raw_bytes)));
  reporter.line(report.equal() ? "  verified: equal" : fmt::format("  NOT EQUAL: {} difference(s)", report.differences.size()));
  boost::json::array differences, tables;
  for (const verify::Difference& one : report.differences)
    differences.push_back({{"what", std::string(what_names[static_cast<std::size_t>(one.what)])},
                           {"object", printable(one.object)},
                           {"expected", printable(one.expected, true)},
                           {"found", printable(one.found, true)}});
  for (const verify::TableResult& table : report.tables)
    tables.push_back({{"schema", table.schema},
                      {"name", table.name},
                      {"rows", table.rows},
                      {"raw_bytes", table.raw_bytes},
                      {"digest", format::to_hex(table.digest)},
                      {"equal", table.equal}});
  reporter.json({{"ok", report.equal()},
                 {"entries", report.entries_compared},
                 {"rows", report.rows},
                 {"raw_bytes", report.raw_bytes},
                 {"tables", std::move(tables)},
                 {"differences", std::move(differences)}});
  (void)run;
  return report.equal() ? exit_done : exit_differs;
}

ExitCode verify_file(const Run& run, const Reporter& reporter, const std::string& path) {
  run.progress.phase("verifying " + printable(path));
  format::Overview overview = format::verify_archive(path, jobs(run.arguments), [&](std::uint64_t bytes) {
    run.progress.raw_bytes = bytes;
    if (run.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
  });
  reporter.line(fmt::format("verified {} in {}", printable(path), reporter.elapsed()));
  reporter.line(fmt::format("  {} rows in {} tables, {} chunks, {}: every checksum, digest and total is right", human_count(overview.totals.rows),
                            overview.totals.relations.size(), overview.totals.chunks, human_bytes(overview.totals.raw_bytes)));
  boost::json::object json = totals_json(overview.inventory, overview.totals);
  json["ok"] = true;
  reporter.json(std::move(json));
  return exit_done;
}

}  // namespace

ExitCode verify(const Run& run) {
  const Arguments& arguments = run.arguments;
  Reporter reporter(run);
  bool two = arguments.has("from") || arguments.has("to");
  if (two) {
    if (!arguments.has("from") || !arguments.has("to") || !arguments.operands.empty() || arguments.has("dbname"))
      throw Error(Fault::usage, "--from and --to go together, and with no archive or -d").hint(fmt::format("usage: {}", arguments.command->synopsis));
    if (arguments.has("use-list")) throw Error(Fault::usage, "--use-list goes with an archive, whose entries it names").hint("verify FILE -d CONNINFO");
    return report_comparison(run, reporter,
                             verify::compare_databases(connection(arguments, "from"), connection(arguments, "to"), verify_options(run), run.progress),
                             "the two databases");
  }
  std::string path = file_operand(arguments);
  bool against = arguments.has("dbname") || arguments.has("host") || arguments.has("port") || arguments.has("username");
  if (!against) return verify_file(run, reporter, path);
  format::Overview overview = format::read_overview(path, false);
  verify::Report report =
      verify::compare_with_archive(std::move(overview.inventory), overview.totals, connection(arguments, "dbname"), verify_options(run), run.progress);
  return report_comparison(run, reporter, report, path + " with the database");
}

}  // namespace pghaul::cli
