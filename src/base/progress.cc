#include "base/progress.h"

#include <algorithm>

namespace pghaul {

void Progress::expect(std::uint64_t planned) {
  std::lock_guard lock(mutex_);
  planned_ahead_ += planned;
  set_expected();
}

void Progress::part_done(std::uint64_t planned, std::uint64_t raw) {
  std::lock_guard lock(mutex_);
  if (planned_ahead_ == 0) return;  // another end expects
  planned = std::min(planned, planned_ahead_);
  planned_ahead_ -= planned, planned_done_ += planned, raw_done_ += raw;
  set_expected();
}

void Progress::set_expected() {
  double ratio = planned_done_ ? static_cast<double>(raw_done_) / static_cast<double>(planned_done_) : 1;
  std::uint64_t expected = raw_done_ + static_cast<std::uint64_t>(static_cast<double>(planned_ahead_) * ratio);
  bytes_expected = expected;
  if (expects_the_same) expects_the_same->bytes_expected = expected;
}

}  // namespace pghaul
