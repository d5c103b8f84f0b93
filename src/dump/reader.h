// One worker of a dump: a connection on the keeper's snapshot that turns tasks into chunks.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/rate_limit.h"
#include "dump/dump.h"

namespace pghaul::dump {

// What the tasks of one relation add up to. Thread-safe through its mutex.
struct RelationState {
  std::mutex mutex;
  std::uint32_t open_tasks = 0;
  std::atomic<std::uint32_t> next_chunk{0};
  model::CopyFormat format = model::CopyFormat::text;
  format::RelationEnd sum;
};

// Another session on the source, set up as all are, in no transaction.
pg::Connection connect_to_source(const Options& options);

// A session that sees what the keeper sees, and waits a second at most for a lock.
pg::Connection connect_to_snapshot(const Options& options, const std::string& snapshot);

class Reader {
 public:
  Reader(const Options& options, const model::Inventory& inventory, std::string snapshot, format::Sink& sink, RateLimit& rate,
         Progress& progress);
  // Reads the task's rows into the sink; ends the relation with its last task. Reconnects when its connection is lost.
  // false, with nothing of the task sent: another session waits for the table exclusively. It waits for the keeper, and a worker
  // would wait behind it for ever; only the keeper, which has its lock, can read the table.
  bool read(const Task& task, RelationState& relation);

  // A connection on the snapshot to read with; the keeper's, for what workers could not read, is given back by the second.
  void adopt(pg::Connection keeper) { connection_.emplace(std::move(keeper)); }
  pg::Connection give_back() { return *std::exchange(connection_, std::nullopt); }

 private:
  struct Attempt;
  void copy(const Task& task, RelationState& relation, Attempt& attempt);
  void emit(RelationState& relation, Attempt& attempt);

  const Options& options_;
  const model::Inventory& inventory_;
  std::string snapshot_;
  format::Sink& sink_;
  RateLimit& rate_;
  Progress& progress_;
  std::optional<pg::Connection> connection_;
};

}  // namespace pghaul::dump
