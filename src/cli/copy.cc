// pghaul copy: a dump and a restore at the two ends of a stream in memory.

#include <fmt/format.h>

#include "base/error.h"
#include "base/workers.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/wiring.h"
#include "format/channel.h"

namespace pghaul::cli {

ExitCode copy(const Run& run) {
  const Arguments& arguments = run.arguments;
  if (!arguments.has("from") || !arguments.has("to"))
    throw Error(Fault::usage, "copy needs --from and --to").hint(fmt::format("usage: {}", arguments.command->synopsis));
  Reporter reporter(arguments);
  dump::Options dump_from = dump_options(run, "from");
  restore::Options restore_to = restore_options(run, "to");
  format::Channel channel = format::make_channel(2 * dump_from.jobs);
  std::unique_ptr<format::Sink> sink = std::move(channel.sink);
  if (arguments.has("archive")) sink = format::make_tee(std::move(sink), format::write_archive(arguments.get("archive"), write_options(run)));

  // Progress is told by the writing end: rows count when they have arrived.
  Progress reading;
  reading.log = run.progress.log;
  dump::Report dumped;
  restore::Report restored;
  std::exception_ptr dump_failure, restore_failure;
  {
    std::jthread reader([&] {
      try {
        dumped = dump::run(dump_from, *sink, reading);
      } catch (...) {
        dump_failure = std::current_exception();
      }
    });
    try {
      restored = restore::run(restore_to, *channel.source, run.progress);
    } catch (...) {
      restore_failure = std::current_exception();
    }
  }
  // Each end fails when the other does: the dump's own failure is the cause when there is one.
  if (dump_failure) std::rethrow_exception(dump_failure);
  if (restore_failure) std::rethrow_exception(restore_failure);

  reporter.line(fmt::format("copied {} to {} in {}", printable(dumped.inventory.origin.database), printable(restored.database), reporter.elapsed()));
  reporter.line(fmt::format("  objects   {}", in_words(objects_by_kind(dumped.inventory))));
  reporter.line(fmt::format("  rows      {} in {} tables, {}", human_count(restored.rows), restored.tables, human_bytes(restored.raw_bytes)));
  boost::json::array skipped;
  for (const restore::Skipped& one : restored.skipped) {
    reporter.line(fmt::format("  skipped   {}: {}", printable(one.entry), printable(one.reason)));
    skipped.push_back({{"entry", one.entry}, {"reason", printable(one.reason)}});
  }
  boost::json::object json = totals_json(dumped.inventory, dumped.totals);
  json["ok"] = restored.skipped.empty();
  json["database"] = restored.database;
  json["skipped"] = std::move(skipped);
  reporter.json(std::move(json));
  return restored.skipped.empty() ? exit_done : exit_skipped;
}

}  // namespace pghaul::cli
