// The schedule as a pure value: random graphs are run to their end by a pretended crew.
#include "restore/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace pghaul::restore {
namespace {

using model::LockMode;

TaskSpec task(std::uint64_t cost, std::vector<TaskId> after = {}, std::vector<model::Lock> locks = {}) {
  return {.after = std::move(after), .behind = {}, .locks = std::move(locks), .cost = cost};
}

TEST(Schedule, TheLongestWayAheadGoesFirst) {
  Scheduler scheduler({task(5), task(1), task(9, {1}), task(7)});
  EXPECT_EQ(scheduler.way_ahead(1), 10u);
  EXPECT_EQ(scheduler.start(), 1u);
  EXPECT_EQ(scheduler.start(), 3u);
  scheduler.finished(1);
  EXPECT_EQ(scheduler.start(), 2u);
}

TEST(Schedule, ATaskBehindAConflictingLockIsPassedOver) {
  Scheduler scheduler({task(9, {}, {{1, LockMode::share}}), task(8, {}, {{1, LockMode::access_exclusive}}), task(1, {}, {{1, LockMode::share}})});
  EXPECT_EQ(scheduler.start(), 0u);
  EXPECT_EQ(scheduler.start(), 2u) << "SHARE goes with SHARE";
  EXPECT_EQ(scheduler.start(), std::nullopt);
  scheduler.finished(0);
  EXPECT_EQ(scheduler.start(), std::nullopt) << "the other one still holds the table";
  scheduler.finished(2);
  EXPECT_EQ(scheduler.start(), 1u);
}

TEST(Schedule, WhatWaitsForAFailedTaskIsGivenUpAndWhatIsBehindItIsNot) {
  std::vector<TaskSpec> tasks = {task(1), task(1, {0}), task(1, {1}), task(1)};
  tasks[3].behind = {0};
  Scheduler scheduler(std::move(tasks));
  ASSERT_EQ(scheduler.start(), 0u);
  EXPECT_EQ(scheduler.start(), std::nullopt);
  std::vector<TaskId> given_up = scheduler.failed(0);
  std::sort(given_up.begin(), given_up.end());
  EXPECT_EQ(given_up, (std::vector<TaskId>{1, 2}));
  EXPECT_EQ(scheduler.start(), 3u);
  scheduler.finished(3);
  EXPECT_TRUE(scheduler.done());
}

TEST(Schedule, ExternalTasksAreFinishedByOthersOnly) {
  std::vector<TaskSpec> tasks = {task(0), task(1, {0})};
  tasks[0].external = true;
  Scheduler scheduler(std::move(tasks));
  EXPECT_EQ(scheduler.start(), std::nullopt);
  EXPECT_FALSE(scheduler.has_ready());
  scheduler.finished(0);
  EXPECT_EQ(scheduler.start(), 1u);
}

// Whatever the graph, the locks and the order in which tasks end: each runs once, after what it waits for, never beside a
// conflicting lock, and all end.
TEST(Schedule, RandomGraphsRunToTheirEnd) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    auto below = [&](std::size_t n) { return static_cast<std::uint32_t>(random() % n); };
    const TaskId count = 1 + below(80);
    std::vector<TaskSpec> specs(count);
    for (TaskId id = 0; id < count; ++id) {
      specs[id].cost = below(1000);
      for (unsigned i = below(4); i > 0 && id > 0; --i) (below(4) ? specs[id].after : specs[id].behind).push_back(below(id));
      for (unsigned i = below(3); i > 0; --i) specs[id].locks.push_back({below(6), static_cast<LockMode>(1 + below(8))});
    }
    Scheduler scheduler(specs);
    std::set<TaskId> running, done, failed;
    while (!scheduler.done()) {
      if (running.size() < 4) {
        if (auto started = scheduler.start()) {
          const TaskSpec& spec = specs[*started];
          EXPECT_TRUE(running.insert(*started).second && !done.contains(*started) && !failed.contains(*started));
          for (TaskId earlier : spec.after) EXPECT_TRUE(done.contains(earlier));
          for (TaskId earlier : spec.behind) EXPECT_TRUE(done.contains(earlier) || failed.contains(earlier));
          for (TaskId other : running) {
            if (other == *started) continue;
            for (const model::Lock& held : specs[other].locks)
              for (const model::Lock& wanted : spec.locks) EXPECT_FALSE(held.entry == wanted.entry && model::conflict(held.mode, wanted.mode));
          }
          continue;
        }
      }
      ASSERT_FALSE(running.empty()) << "nothing runs, nothing can start, and it is not done";
      TaskId ended = *std::next(running.begin(), below(running.size()));
      running.erase(ended);
      if (below(20)) {
        scheduler.finished(ended), done.insert(ended);
      } else {
        failed.insert(ended);
        for (TaskId given_up : scheduler.failed(ended)) EXPECT_TRUE(failed.insert(given_up).second);
      }
    }
    EXPECT_EQ(done.size() + failed.size(), count);
    EXPECT_EQ(scheduler.running(), 0u);
  }
}

}  // namespace
}  // namespace pghaul::restore
