#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "pg/secrets.h"

namespace pghaul::cli {
namespace {

unsigned columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

void write_stderr(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

Terminal::Terminal(Progress& progress, bool quiet, bool verbose)
    : progress_(progress), quiet_(quiet), verbose_(verbose), is_terminal_(isatty(STDERR_FILENO) != 0) {
  progress_.log = [this](LogLevel level, std::string_view message) { say(level, message); };
  if (!quiet_) thread_ = std::thread([this] { run(); });
}

Terminal::~Terminal() {
  stop();
  progress_.log = [](LogLevel, std::string_view) {};
}

void Terminal::stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::lock_guard lock(mutex_);
  clear_line();
}

void Terminal::clear_line() {
  if (!line_shown_) return;
  write_stderr("\r\x1b[K");
  line_shown_ = false;
}

void Terminal::say(LogLevel level, std::string_view message) {
  if (level == LogLevel::debug && !verbose_) return;
  if (level == LogLevel::info && quiet_) return;
  std::lock_guard lock(mutex_);
  clear_line();
  write_stderr(fmt::format("pghaul: {}{}\n", level == LogLevel::warning ? "warning: " : "", printable(message, true)));
}

std::string Terminal::status() const {
  std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  std::uint64_t bytes = progress_.raw_bytes, expected = progress_.bytes_expected, rows = progress_.rows;
  std::string text = progress_.phase();
  if (rows || progress_.tables_total) {
    if (progress_.tables_total) text += fmt::format(" · {}/{} tables", progress_.tables_done.load(), progress_.tables_total.load());
    if (elapsed.count() > 0.5)
      text += fmt::format(" · {} rows/s · {}/s", human_count(static_cast<std::uint64_t>(static_cast<double>(rows) / elapsed.count())),
                          human_bytes(static_cast<std::uint64_t>(static_cast<double>(bytes) / elapsed.count())));
    if (expected && bytes) {
      double share = std::min(0.99, static_cast<double>(bytes) / static_cast<double>(expected));
      text += fmt::format(" · {:.0f}%", share * 100);
      if (share > 0.02) text += fmt::format(" · {} left", human_time(elapsed * ((1 - share) / share)));
    }
  }
  return text;
}

void Terminal::run() {
  using namespace std::chrono_literals;
  std::unique_lock lock(mutex_);
  auto next_plain = std::chrono::steady_clock::now();
  while (!wake_.wait_for(lock, is_terminal_ ? 200ms : 500ms, [&] { return stopped_; })) {
    std::string text = status();
    if (text.empty()) continue;
    if (is_terminal_) {
      // One line, whatever the width: cut at a character, not within one.
      std::size_t room = columns() - 1, at = 0, shown = 0;
      while (at < text.size() && shown < room) {
        ++at, ++shown;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
      }
      write_stderr("\r\x1b[K" + text.substr(0, at));
      line_shown_ = true;
    } else if (std::chrono::steady_clock::now() >= next_plain) {
      write_stderr("pghaul: " + text + "\n");
      next_plain = std::chrono::steady_clock::now() + 10s;
    }
  }
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < std::size(units)) value /= 1000, ++unit;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

std::string human_count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string human_time(std::chrono::duration<double> time) {
  double seconds = time.count();
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string error_text(const Error& error) {
  constexpr std::size_t statement_at_most = 600;
  std::string text = "pghaul: error: ";
  if (!error.context().empty()) {
    for (auto it = error.context().rbegin(); it != error.context().rend(); ++it) text += printable(*it) + ": ";
  }
  text += printable(pg::without_secrets(error.message()), true);
  if (!error.sqlstate().empty()) text += fmt::format(" (SQLSTATE {})", printable(error.sqlstate()));
  text += '\n';
  auto line = [&](std::string_view title, const std::string& body) {
    if (!body.empty()) text += fmt::format("  {}: {}\n", title, printable(pg::without_secrets(body), true));
  };
  line("detail", error.detail());
  std::string statement = pg::without_secrets(error.statement());
  if (statement.size() > statement_at_most) statement = statement.substr(0, statement_at_most) + " ...";
  line("statement", statement);
  line("hint", error.hint());
  return text;
}

}  // namespace pghaul::cli
