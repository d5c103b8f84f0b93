#include "restore/schedule.h"

#include <algorithm>

#include "base/error.h"
#include "base/release.h"

namespace pghaul::restore {

Scheduler::Scheduler(std::vector<TaskSpec> tasks)
    : tasks_(std::move(tasks)),
      before_(tasks_.size()),
      ahead_(tasks_.size()),
      waits_(tasks_.size()),
      way_(tasks_.size()),
      state_(tasks_.size(), State::waiting),
      ready_(Longest{&way_}),
      open_(tasks_.size()) {
  for (TaskId task = 0; task < tasks_.size(); ++task) {
    waits_[task] = static_cast<std::uint32_t>(tasks_[task].after.size() + tasks_[task].behind.size());
    for (TaskId earlier : tasks_[task].after) before_.at(earlier).push_back(task);
    for (TaskId earlier : tasks_[task].behind) ahead_.at(earlier).push_back(task);
  }
  // Ways from the ends backwards, in reverse topological order.
  std::vector<std::uint32_t> open_followers(tasks_.size());
  std::vector<TaskId> settled;
  for (TaskId task = 0; task < tasks_.size(); ++task)
    if ((open_followers[task] = static_cast<std::uint32_t>(before_[task].size())) == 0) settled.push_back(task);
  for (std::size_t i = 0; i < settled.size(); ++i) {
    TaskId task = settled[i];
    std::uint64_t longest = 0;
    for (TaskId follower : before_[task]) longest = std::max(longest, way_[follower]);
    way_[task] = longest + tasks_[task].cost;
    for (TaskId earlier : tasks_[task].after)
      if (--open_followers[earlier] == 0) settled.push_back(earlier);
  }
  if (settled.size() != tasks_.size()) throw Error(Fault::internal, "the tasks of a schedule wait for each other in a circle");
  for (TaskId task = 0; task < tasks_.size(); ++task) {
    release(tasks_[task].after, tasks_[task].behind);  // before_ and ahead_ say the same
    before_[task].shrink_to_fit();
    if (waits_[task] == 0) get_ready(task);
  }
}

void Scheduler::get_ready(TaskId task) {
  state_[task] = State::ready;
  if (!tasks_[task].external) ready_.insert(task);
}

bool Scheduler::is_blocked(TaskId task, const std::vector<TaskId>& together) const {
  return std::any_of(tasks_[task].locks.begin(), tasks_[task].locks.end(), [&](const model::Lock& wanted) {
    auto [begin, end] = held_.equal_range(wanted.entry);
    return std::any_of(begin, end, [&](const auto& held) {
      return model::conflict(held.second.mode, wanted.mode) && std::find(together.begin(), together.end(), held.second.by) == together.end();
    });
  });
}

void Scheduler::hold(TaskId task) {
  for (const model::Lock& lock : tasks_[task].locks) held_.insert({lock.entry, {lock.mode, task}});
}

void Scheduler::let_go(TaskId task) {
  for (const model::Lock& lock : tasks_[task].locks) {
    auto [begin, end] = held_.equal_range(lock.entry);
    held_.erase(std::find_if(begin, end, [&](const auto& held) { return held.second.by == task; }));
  }
}

std::optional<TaskId> Scheduler::start(std::uint64_t max_cost, const std::vector<TaskId>& together) {
  constexpr int look_ahead = 256;  // passing over blocked tasks is bounded: a start costs the same at 1e5 tasks
  int looked = 0;
  for (auto it = ready_.begin(); it != ready_.end() && looked < look_ahead; ++it, ++looked) {
    TaskId task = *it;
    if (tasks_[task].cost > max_cost || is_blocked(task, together)) continue;
    ready_.erase(it);
    state_[task] = State::running;
    hold(task);
    ++running_;
    return task;
  }
  return std::nullopt;
}

void Scheduler::finished(TaskId task) {
  if (state_[task] == State::running) let_go(task), --running_;
  else if (!tasks_[task].external || state_[task] != State::ready)
    throw Error(Fault::internal, "a task ended that had not begun");
  state_[task] = State::finished;
  --open_;
  for (TaskId follower : before_[task]) stop_waiting(follower);
  for (TaskId follower : ahead_[task]) stop_waiting(follower);
}

void Scheduler::stop_waiting(TaskId task) {
  if (--waits_[task] == 0 && state_[task] == State::waiting) get_ready(task);
}

std::vector<TaskId> Scheduler::failed(TaskId task) {
  if (state_[task] == State::running) let_go(task), --running_;
  std::vector<TaskId> given_up, stack{task};
  while (!stack.empty()) {
    TaskId next = stack.back();
    stack.pop_back();
    if (state_[next] == State::failed) continue;
    ready_.erase(next);
    state_[next] = State::failed;
    --open_;
    if (next != task) given_up.push_back(next);
    for (TaskId follower : before_[next]) stack.push_back(follower);
    for (TaskId follower : ahead_[next]) stop_waiting(follower);
  }
  return given_up;
}

}  // namespace pghaul::restore
