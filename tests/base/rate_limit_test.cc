// The allowance of --rate-limit: never faster than told, and no reason to wait once a run is stopped.
#include "base/rate_limit.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace pghaul {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

TEST(RateLimit, HoldsForAllThreadsTogether) {
  RateLimit limit(1'000'000);
  auto begun = Clock::now();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int part = 0; part < 5; ++part) limit.take(10'000, {});
    });
  threads.clear();
  // 20 parts; the first goes at once, each other one when those before it have had their time.
  EXPECT_GE(Clock::now() - begun, 190ms);
}

TEST(RateLimit, NothingWaitsWithoutOne) {
  RateLimit limit(0);
  for (int i = 0; i < 1000; ++i) limit.take(std::uint64_t{1} << 40, {});
}

TEST(RateLimit, AStopEndsTheWaiting) {
  RateLimit limit(1);
  std::stop_source stop;
  limit.take(1'000'000, stop.get_token());
  std::jthread waiting([&] { limit.take(1, stop.get_token()); });
  stop.request_stop();
}

TEST(RateLimit, AFailureEndsTheWaitingOfAll) {
  RateLimit limit(1);
  limit.take(1'000'000, {});
  std::vector<std::jthread> waiting;
  for (int i = 0; i < 3; ++i) waiting.emplace_back([&] { limit.take(1'000'000, {}); });
  limit.lift();
  waiting.clear();
  limit.take(1'000'000, {});
}

}  // namespace
}  // namespace pghaul
