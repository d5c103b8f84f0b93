// pghaul copy: a dump and a restore at the two ends of a stream in memory.

#include <fmt/format.h>

#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

#include "base/error.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/wiring.h"
#include "format/channel.h"
#include "format/selected.h"

namespace pghaul::cli {
namespace {

// When one end fails, the other does too, with the same error or with what follows from it. The end that fails first tells the cause.
class Ends {
 public:
  enum End : std::uint8_t { reading, writing };

  void failing(End end) {
    std::lock_guard lock(mutex_);
    if (!first_) first_ = end;
  }
  void ended(End end, std::exception_ptr failure) {
    failing(end);
    failures_[end] = std::move(failure);
  }
  // Stopped by the user: the writing end knows what there is on the target.
  void rethrow(bool stopped) const {
    if (!first_) return;
    End told = stopped ? writing : *first_;
    std::rethrow_exception(failures_[told] ? failures_[told] : failures_[told == reading ? writing : reading]);
  }

 private:
  std::mutex mutex_;
  std::optional<End> first_;
  std::exception_ptr failures_[2];
};

class WatchedSink : public format::Sink {
 public:
  WatchedSink(std::unique_ptr<format::Sink> sink, Ends& ends) : sink_(std::move(sink)), ends_(ends) {}
  void begin(format::InventoryPtr inventory) override { sink_->begin(std::move(inventory)); }
  void put(format::ChunkPtr chunk) override { sink_->put(std::move(chunk)); }
  void end_relation(const format::RelationEnd& end) override { sink_->end_relation(end); }
  format::Totals finish() override { return sink_->finish(); }
  void fail(std::exception_ptr failure) noexcept override { ends_.failing(Ends::reading), sink_->fail(failure); }

 private:
  std::unique_ptr<format::Sink> sink_;
  Ends& ends_;
};

// A source that someone else owns.
class Borrowed : public format::Source {
 public:
  explicit Borrowed(format::Source& source) : source_(source) {}
  const model::Inventory& inventory() override { return source_.inventory(); }
  std::optional<format::Item> next() override { return source_.next(); }
  const format::Totals& totals() const override { return source_.totals(); }
  void fail(std::exception_ptr failure) noexcept override { source_.fail(failure); }

 private:
  format::Source& source_;
};

class WatchedSource : public format::Source {
 public:
  WatchedSource(std::unique_ptr<format::Source> source, Ends& ends) : source_(std::move(source)), ends_(ends) {}
  const model::Inventory& inventory() override { return source_->inventory(); }
  std::optional<format::Item> next() override { return source_->next(); }
  const format::Totals& totals() const override { return source_->totals(); }
  void fail(std::exception_ptr failure) noexcept override { ends_.failing(Ends::writing), source_->fail(failure); }

 private:
  std::unique_ptr<format::Source> source_;
  Ends& ends_;
};

// What arrives, with the names that the target has for it. Waits for the catalog.
std::unique_ptr<format::Source> adapted_source(const Run& run, format::Source& source) {
  if (!adapts(run)) return std::make_unique<Borrowed>(source);
  model::Inventory inventory = source.inventory();
  adapt(run, inventory);
  std::vector<model::EntryId> same(inventory.entries.size());
  std::iota(same.begin(), same.end(), 1);
  return format::make_selected(std::make_unique<Borrowed>(source), std::move(inventory), same);
}

}  // namespace

ExitCode copy(const Run& run) {
  const Arguments& arguments = run.arguments;
  if (!arguments.has("from") || !arguments.has("to"))
    throw Error(Fault::usage, "copy needs --from and --to").hint(fmt::format("usage: {}", arguments.command->synopsis));
  if (!arguments.operands.empty())
    throw Error(Fault::usage, "copy takes no operand: '" + printable(arguments.operands.front()) + "'").hint("--archive FILE writes an archive beside the copy");
  Reporter reporter(run);
  dump::Options dump_from = dump_options(run, "from");
  restore::Options restore_to = restore_options(run, "to");
  restore_to.rate_limit = 0;  // the reading end keeps to it
  format::Channel channel = format::make_channel(dump_from.jobs);
  std::unique_ptr<format::Sink> sink = std::move(channel.sink);
  if (arguments.has("archive")) sink = format::make_tee(std::move(sink), format::write_archive(arguments.get("archive"), write_options(run)));

  Ends ends;
  WatchedSink watched_sink(std::move(sink), ends);
  WatchedSource source(std::move(channel.source), ends);

  // Progress is told by the writing end: rows count when they have arrived.
  Progress reading;
  reading.log = run.progress.log;
  reading.expects_the_same = &run.progress;
  dump::Report dumped;
  restore::Report restored;
  {
    std::jthread reader([&] {
      try {
        dumped = dump::run(dump_from, watched_sink, reading);
      } catch (...) {
        ends.ended(Ends::reading, std::current_exception());
      }
    });
    bool begun = false;
    try {
      auto adapted = adapted_source(run, source);
      begun = true;
      restored = restore::run(restore_to, *adapted, run.progress);
    } catch (...) {
      ends.ended(Ends::writing, begun || !run.stop.stop_requested()
                                    ? std::current_exception()
                                    : std::make_exception_ptr(Error(Fault::cancelled, "stopped: nothing was changed").hint("run it again at any time")));
    }
  }
  ends.rethrow(run.stop.stop_requested());

  reporter.line(fmt::format("copied {} to {} in {}", printable(dumped.inventory->origin.database), printable(restored.database), reporter.elapsed()));
  reporter.list("objects", in_words(objects_by_kind(*dumped.inventory)));
  reporter.line(fmt::format("  rows      {} in {} tables, {}", human_count(restored.rows), restored.tables, human_bytes(restored.raw_bytes)));
  boost::json::array skipped;
  for (const restore::Skipped& one : restored.skipped) {
    reporter.line(fmt::format("  skipped   {}: {}", printable(one.entry), printable(one.reason)));
    skipped.push_back({{"entry", one.entry}, {"reason", printable(one.reason)}});
  }
  boost::json::object json = totals_json(*dumped.inventory, dumped.totals);
  json["ok"] = restored.skipped.empty();
  json["database"] = restored.database;
  json["skipped"] = std::move(skipped);
  reporter.json(std::move(json));
  return restored.skipped.empty() ? exit_done : exit_skipped;
}

}  // namespace pghaul::cli
