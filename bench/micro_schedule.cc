// What does the restore's schedule cost as databases grow: made from its tasks, and drained by four workers? The cost of a
// task must stay about the same from 1,000 to 100,000 of them.
#include <benchmark/benchmark.h>

#include <deque>

#include "restore/schedule.h"

namespace pghaul::restore {
namespace {

using model::LockMode;

// Tables of five tasks: rows that the stream brings, a key, two indexes, and a foreign key to the table before.
std::vector<TaskSpec> tables(std::size_t tasks) {
  std::vector<TaskSpec> specs;
  specs.reserve(tasks + 5);
  TaskId key_before = 0;
  for (std::uint32_t table = 1; specs.size() < tasks; ++table) {
    const TaskId rows = static_cast<TaskId>(specs.size());
    const std::uint64_t cost = 1000 + table * 7919 % 100003;
    specs.push_back({.locks = {{table, LockMode::row_exclusive}}, .cost = cost, .external = true});
    specs.push_back({.after = {rows}, .locks = {{table, LockMode::access_exclusive}}, .cost = cost / 3});
    specs.push_back({.after = {rows}, .locks = {{table, LockMode::share}}, .cost = cost / 4});
    specs.push_back({.after = {rows}, .locks = {{table, LockMode::share}}, .cost = cost / 5});
    if (table > 1)
      specs.push_back({.after = {rows + 1, key_before},
                       .locks = {{table, LockMode::share_row_exclusive}, {table - 1, LockMode::share_row_exclusive}},
                       .cost = cost / 10});
    key_before = rows + 1;
  }
  return specs;
}

void schedule_planned(benchmark::State& state) {
  const auto specs = tables(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Scheduler(specs).done());
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * specs.size()));
}
BENCHMARK(schedule_planned)->Arg(1000)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

void schedule_planned_and_drained(benchmark::State& state) {
  const auto specs = tables(static_cast<std::size_t>(state.range(0)));
  constexpr std::size_t workers = 4;
  for (auto _ : state) {
    Scheduler scheduler(specs);
    std::deque<TaskId> running;
    TaskId stream = 0;  // the next rows to arrive
    std::size_t done = 0;
    while (!scheduler.done()) {
      while (stream < specs.size() && !specs[stream].external) ++stream;
      if (stream < specs.size()) scheduler.finished(stream++), ++done;
      while (running.size() < workers) {
        auto task = scheduler.start();
        if (!task) break;
        running.push_back(*task);
      }
      if (!running.empty()) scheduler.finished(running.front()), running.pop_front(), ++done;
    }
    if (done != specs.size()) state.SkipWithError("tasks were left over");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * specs.size()));
}
BENCHMARK(schedule_planned_and_drained)->Arg(1000)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pghaul::restore
