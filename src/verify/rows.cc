// Rows of both sides, read in parallel on the keepers' snapshots and summed up; nothing is kept of them. A worker has one
// connection a side, made when its first task needs it. Memory: one row a worker.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "base/workers.h"
#include "format/copy_rows.h"
#include "verify/compare.h"

namespace pghaul::verify {
namespace {

constexpr std::uint64_t range_bytes = std::uint64_t{64} << 20;  // a relation is cut when it is more than twice this

// Stops every COPY that runs, from any thread.
class Stopper {
 public:
  void stop() {
    stopped_ = true;
    std::lock_guard lock(mutex_);
    for (const auto& [worker, canceller] : running_) canceller.cancel();
  }
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }

  // While the result lives, stop() reaches the connection.
  auto watch(const pg::Connection& connection) {
    std::lock_guard lock(mutex_);
    auto place = running_.emplace(next_++, connection.canceller()).first;
    return std::shared_ptr<void>(nullptr, [this, place](void*) {
      std::lock_guard unlock(mutex_);
      running_.erase(place);
    });
  }

 private:
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::map<std::uint64_t, pg::Canceller> running_;
  std::uint64_t next_ = 0;
};

// What the workers share.
struct Shared {
  const std::vector<ReadTask>& tasks;
  std::vector<RowTotals> totals;
  std::vector<std::size_t> open;  // tasks of each relation that are not done
  Progress& progress;
  Stopper stopper;
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
};

class Worker {
 public:
  explicit Worker(Shared& shared) : shared_(shared) {}

  void run() {
    for (;;) {
      std::size_t number = shared_.next++;
      if (number >= shared_.tasks.size() || shared_.stopper.stopped()) return;
      const ReadTask& task = shared_.tasks[number];
      RowTotals sum = with_context([&] { return fmt::format("reading {} on {}", task.object, task.side->name); },
                                   [&] { return read(task); });
      shared_.progress.part_done(task.bytes, sum.raw_bytes);
      std::lock_guard lock(shared_.mutex);
      shared_.totals[task.relation] += sum;
      if (--shared_.open[task.relation] == 0) ++shared_.progress.tables_done;
    }
  }

 private:
  pg::Connection& connection(Side& side) {
    auto found = connections_.find(&side);
    if (found != connections_.end()) return found->second;
    pg::Connection made(side.options);
    catalog::prepare_session(made);
    catalog::prepare_transaction(made, side.snapshot, false);
    return connections_.emplace(&side, std::move(made)).first->second;
  }

  RowTotals read(const ReadTask& task) {
    pg::Connection& on = connection(*task.side);
    auto watched = shared_.stopper.watch(on);
    format::CopyRows rows(task.format);
    RowTotals sum, told;  // told: what progress knows
    auto tell = [&] {
      shared_.progress.rows += sum.rows - told.rows;
      shared_.progress.raw_bytes += sum.raw_bytes - told.raw_bytes;
      told = sum;
    };
    bool binary = task.format == model::CopyFormat::binary;
    std::uint64_t sent = on.copy_out(fmt::format("COPY {} TO STDOUT{}", task.query, binary ? " (FORMAT binary)" : ""),
                                     [&](ByteView message) {
                                       if (shared_.stopper.stopped()) throw Error(Fault::cancelled, "stopped");
                                       auto row = rows(message);
                                       if (!row) return;
                                       ++sum.rows;
                                       sum.raw_bytes += row->size();
                                       sum.digest += format::row_digest(rows.digested(*row));
                                       if (sum.raw_bytes - told.raw_bytes >= (std::uint64_t{1} << 20)) tell();
                                     });
    tell();
    if (sent != sum.rows)
      throw Error(Fault::server, fmt::format("the server says that it sent {} rows, but {} arrived", sent, sum.rows));
    return sum;
  }

  Shared& shared_;
  std::map<Side*, pg::Connection> connections_;
};

}  // namespace

std::vector<ReadTask> plan_reading(const ReadTask& whole, const model::DataSpec& spec, const std::string& columns) {
  ReadTask task = whole;
  task.bytes = std::max<std::uint64_t>(spec.bytes, spec.pages * task.side->inventory.origin.block_size);
  bool is_query = spec.source.starts_with('(');
  if (spec.load == model::DataSpec::Load::large_objects || is_query || columns.empty()) {
    task.query = spec.source;
    return {task};
  }
  std::uint64_t pieces = std::min(task.bytes / range_bytes, spec.pages);
  if (!spec.can_split || pieces < 2) {
    task.query = fmt::format("{} ({})", spec.relation, columns);
    return {task};
  }
  std::vector<ReadTask> ranges;
  task.bytes /= pieces;
  for (std::uint64_t piece = 0; piece < pieces; ++piece) {
    std::string where = fmt::format("ctid >= '({},0)'::pg_catalog.tid", spec.pages * piece / pieces);
    if (piece + 1 < pieces) where += fmt::format(" AND ctid < '({},0)'::pg_catalog.tid", spec.pages * (piece + 1) / pieces);
    task.query = fmt::format("(SELECT {} FROM ONLY {} WHERE {})", columns, spec.relation, where);
    ranges.push_back(task);
  }
  return ranges;
}

std::vector<RowTotals> read_rows(std::vector<ReadTask> tasks, std::size_t relations, const Options& options, Progress& progress) {
  std::stable_sort(tasks.begin(), tasks.end(), [](const ReadTask& a, const ReadTask& b) { return a.bytes > b.bytes; });
  Shared shared{tasks, std::vector<RowTotals>(relations), std::vector<std::size_t>(relations), progress, {}, {}, {}};
  for (const ReadTask& task : tasks) ++shared.open[task.relation], progress.expect(task.bytes);

  std::stop_callback on_stop(options.stop, [&] { shared.stopper.stop(); });
  Workers workers([&](const std::exception_ptr&) { shared.stopper.stop(); });
  std::size_t count = std::min<std::size_t>(std::max(options.jobs, 1u), tasks.size());
  for (std::size_t i = 0; i < count; ++i) workers.start([&shared] { Worker(shared).run(); });
  workers.join();
  if (shared.stopper.stopped()) throw Error(Fault::cancelled, "stopped");
  return std::move(shared.totals);
}

}  // namespace pghaul::verify
