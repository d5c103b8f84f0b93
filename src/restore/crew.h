// The parallel part of a restore: workers with a connection each that load chunks as a stream brings them, and build what
// hangs on a table as soon as its rows are in.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

#include "base/rate_limit.h"
#include "restore/build_settings.h"
#include "restore/load.h"
#include "restore/restore.h"
#include "restore/schedule.h"

namespace pghaul::restore {

// What has been restored so far, shared by all steps. Guarded by the mutex of whoever runs in parallel.
struct Ledger {
  std::set<model::EntryId> failed;   // with what was left out because of them
  Report report;

  // With keep_going: the entry is there, but for this statement of its own.
  void leave_out(const model::Entry& entry, const std::string& statement, const Error& error);
};

class Crew {
 public:
  Crew(const Options& options, const pg::ConnectOptions& target, const model::Inventory& inventory, Ledger& ledger, BuildSettings settings,
       Progress& progress);

  // All non-late entries behind the data, and all rows of the stream. Returns when all is done; throws the first failure
  // (with keep_going: only failures that leave nothing to go on with).
  void work(format::Source& source);

 private:
  struct Relation {
    TaskId task = 0;
    model::EntryId entry = 0;
    bool settled = false;
    std::uint32_t loaded_chunks = 0;
    std::uint64_t loaded_rows = 0;
    std::optional<format::RelationEnd> end;
    bool given_up = false;
  };
  struct Planning {
    std::vector<TaskSpec> specs;
    std::unordered_map<model::EntryId, TaskId> task_of;
    std::unordered_map<model::EntryId, std::vector<model::EntryId>> below;  // by partitioned table: the rows of its partitions
  };
  struct Job {  // what a worker does next
    std::unique_ptr<format::PendingChunk> chunk;
    std::vector<TaskId> tasks;
    unsigned idle = 0;  // other workers that have nothing to do when it begins
  };

  std::size_t room() const { return options_.waiting_chunks ? options_.waiting_chunks : 2 * options_.jobs; }  // chunks that wait here
  void plan();
  void pump(format::Source& source);
  void worker();
  std::optional<Job> next_job(std::unique_lock<std::mutex>& lock);
  void load(Loader& loader, std::unique_ptr<format::PendingChunk> first);
  std::unique_ptr<format::PendingChunk> another_of(model::EntryId relation);
  void add(const model::Entry& entry, Planning& planning);
  void build(pg::Connection& connection, const std::vector<TaskId>& tasks);
  bool may_load(const Relation& relation) const;
  void settle(Relation& relation);
  void give_up(TaskId task, const Error& error);
  void stop_all(std::exception_ptr failure) noexcept;

  const Options& options_;
  const pg::ConnectOptions& target_;
  const model::Inventory& inventory_;
  Ledger& ledger_;
  const BuildSettings settings_;
  RateLimit rate_{options_.rate_limit};
  Progress& progress_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<const model::Entry*> entry_of_;   // by task
  std::deque<model::Entry> steps_;              // of constraints that are made in two
  std::unique_ptr<Scheduler> scheduler_;
  std::unordered_map<model::EntryId, Relation> relations_;
  std::deque<std::unique_ptr<format::PendingChunk>> chunks_;
  std::unordered_map<model::EntryId, std::vector<model::EntryId>> followers_;  // rows that wait for other rows
  bool stream_ended_ = false;
  unsigned loading_ = 0, building_ = 0;
  std::exception_ptr failure_;
  format::Source* source_ = nullptr;
};

}  // namespace pghaul::restore
