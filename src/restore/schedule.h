// The order of work on the target, as a pure value: tasks, what they wait for, what they lock, what they cost. No threads, no
// clock, no server; the caller holds a mutex around it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "model/lock.h"

namespace pghaul::restore {

using TaskId = std::uint32_t;  // index into the vector that a Scheduler is made from

struct TaskSpec {
  std::vector<TaskId> after = {};       // these have succeeded by then
  std::vector<TaskId> behind = {};      // these have ended by then, well or not
  std::vector<model::Lock> locks = {};  // relations by any number; equal numbers are the same relation
  std::uint64_t cost = 0;               // any unit, the same for all
  bool external = false;                // begun and finished by someone else (rows that a stream brings): never started here
};

// Ready tasks with the longest way ahead of them (cost of the costliest chain of tasks that wait for them) go first. A task whose
// locks conflict with a running task's is passed over, so that no worker waits for another one's lock.
class Scheduler {
 public:
  explicit Scheduler(std::vector<TaskSpec> tasks);

  // The best task that can run now; it counts as running from here on. nullopt: none (now, or at all: see done()).
  std::optional<TaskId> start() { return start(UINT64_MAX, {}); }
  // Only a task of at most that cost, to be run in the same transaction as those: their locks are its own.
  std::optional<TaskId> start(std::uint64_t max_cost, const std::vector<TaskId>& together);
  void finished(TaskId task);
  // The task and, transitively, all that wait for it will not run. Returns those others.
  std::vector<TaskId> failed(TaskId task);

  bool has_ready() const { return !ready_.empty(); }
  bool done() const { return open_ == 0; }                // all finished, failed or given up
  std::uint64_t way_ahead(TaskId task) const { return way_[task]; }
  std::size_t running() const { return running_; }

 private:
  enum class State : std::uint8_t { waiting, ready, running, finished, failed };
  bool is_blocked(TaskId task, const std::vector<TaskId>& together) const;
  void get_ready(TaskId task);
  void hold(TaskId task);
  void let_go(TaskId task);
  void stop_waiting(TaskId task);

  std::vector<TaskSpec> tasks_;
  std::vector<std::vector<TaskId>> before_, ahead_;   // who waits for it: after it, behind it
  std::vector<std::uint32_t> waits_;
  std::vector<std::uint64_t> way_;
  std::vector<State> state_;
  struct Longest {
    const std::vector<std::uint64_t>* way;
    bool operator()(TaskId a, TaskId b) const { return (*way)[a] != (*way)[b] ? (*way)[a] > (*way)[b] : a < b; }
  };
  std::set<TaskId, Longest> ready_;
  struct Held {
    model::LockMode mode;
    TaskId by;
  };
  std::unordered_multimap<std::uint32_t, Held> held_;  // by relation
  std::size_t open_ = 0, running_ = 0;
};

}  // namespace pghaul::restore
