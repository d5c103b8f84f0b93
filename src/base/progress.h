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
  std::atomic<std::uint64_t> bytes_expected{0};          // estimate; 0: unknown
  std::atomic<std::uint32_t> tables_done{0}, tables_total{0};
  std::atomic<std::uint32_t> entries_done{0}, entries_total{0};

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
  mutable std::mutex mutex_;
  std::string phase_;
};

}  // namespace pghaul
