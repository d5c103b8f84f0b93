// What a person sees on standard error while a command runs: messages, and a line that updates (a terminal) or comes now and then (a
// pipe, a log). Everything from outside is made printable first.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "base/error.h"
#include "base/progress.h"

namespace pghaul::cli {

class Terminal {
 public:
  Terminal(Progress& progress, bool quiet, bool verbose);
  ~Terminal();
  // No more progress; clears the line.
  void stop();
  void say(LogLevel level, std::string_view message);

 private:
  void run();
  std::string status() const;
  void clear_line();

  Progress& progress_;
  const bool quiet_, verbose_, is_terminal_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false, line_shown_ = false;
  std::string last_phase_;
  std::thread thread_;
};

// "12.3 MB", "640 kB": powers of 1000.
std::string human_bytes(std::uint64_t bytes);
// "12,345,678".
std::string human_count(std::uint64_t count);
// "1.2 s", "3 min 20 s".
std::string human_time(std::chrono::duration<double> seconds);

// What failed, on which object, why, and what to do next; several lines, harmless for a terminal.
std::string error_text(const Error& error);

}  // namespace pghaul::cli
