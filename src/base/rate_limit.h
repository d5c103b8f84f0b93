// How fast rows may go: one allowance, shared by all threads of a run.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace pghaul {

// Thread-safe. What was not used for a while is not saved up: after a pause the rate is the same.
class RateLimit {
 public:
  explicit RateLimit(std::uint64_t bytes_per_second) : rate_(bytes_per_second) {}  // 0: none

  // Waits until these bytes may pass, in turn with other threads' ones; returns early when stop is requested.
  void take(std::uint64_t bytes, const std::stop_token& stop) {
    if (rate_ == 0) return;
    std::unique_lock lock(mutex_);
    auto begin = std::max(next_, Clock::now());
    next_ = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(bytes) / static_cast<double>(rate_)));
    waiting_.wait_until(lock, stop, begin, [this] { return lifted_; });
  }

  // From now on nobody waits: the run has failed, and its threads should see that.
  void lift() {
    {
      std::lock_guard lock(mutex_);
      lifted_ = true;
    }
    waiting_.notify_all();
  }

 private:
  using Clock = std::chrono::steady_clock;
  const std::uint64_t rate_;
  std::mutex mutex_;
  std::condition_variable_any waiting_;
  Clock::time_point next_{};
  bool lifted_ = false;
};

}  // namespace pghaul
