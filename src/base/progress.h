// What a running command tells the outside: counters that any thread adds to and the terminal reads, and a log.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace pghaul {

enum class LogLevel { debug, info, warning };

// Thread-safe. Constructed by cli; every command gets a reference.
class Progress {
 public:
  std::atomic<std::uint64_t> rows{0}, raw_bytes{0}, stored_bytes{0};
  std::atomic<std::uint64_t> bytes_expected{0};          // estimate of what raw_bytes will be; 0: unknown
  std::atomic<std::uint32_t> tables_done{0}, tables_total{0};
  std::atomic<std::uint32_t> entries_done{0}, entries_total{0};

  // So many bytes more are planned: as they are on disk, which is less than they are raw where TOAST compresses. What has
  // come of the parts that are through corrects what is expected of the others.
  void expect(std::uint64_t planned);
  void part_done(std::uint64_t planned, std::uint64_t raw);
  Progress* expects_the_same = nullptr;  // the other end of a copy

  void phase(std::string text) {
    std::lock_guard lock(mutex_);
    phase_ = std::move(text);
  }
  std::string phase() const {
    std::lock_guard lock(mutex_);
    return phase_;
  }

  // message is made printable by the receiver. Default: dropped.
  std::function<void(LogLevel, std::string_view message)> log = [](LogLevel, std::string_view) {};
  void warn(std::string_view message) { log(LogLevel::warning, message); }
  void info(std::string_view message) { log(LogLevel::info, message); }
  void debug(std::string_view message) { log(LogLevel::debug, message); }

 private:
  void set_expected();  // under the mutex

  mutable std::mutex mutex_;
  std::string phase_;
  std::uint64_t planned_ahead_ = 0, planned_done_ = 0, raw_done_ = 0;
};

}  // namespace pghaul
