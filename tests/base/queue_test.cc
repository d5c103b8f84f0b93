// The bounded queue and the worker group: what the streams' memory bound and the first-error rule rest on.
#include "base/queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "base/error.h"
#include "base/workers.h"

namespace pghaul {
namespace {

using namespace std::chrono_literals;

TEST(Queue, GivesItemsInTheOrderTheyCame) {
  BoundedQueue<int> queue(3);
  for (int i : {1, 2, 3}) queue.push(i);
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), 3);
}

TEST(Queue, AFullQueueHoldsItsProducerBack) {
  BoundedQueue<int> queue(1);
  queue.push(1);
  std::atomic<bool> pushed{false};
  std::jthread producer([&] { queue.push(2), pushed = true; });
  std::this_thread::sleep_for(30ms);
  EXPECT_FALSE(pushed);
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  producer.join();
  EXPECT_TRUE(pushed);
}

TEST(Queue, AClosedQueueIsDrainedAndThenSaysSo) {
  BoundedQueue<int> queue(2);
  queue.push(1);
  queue.close();
  EXPECT_FALSE(queue.drained());
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_TRUE(queue.drained());
}

TEST(Queue, ClosingWakesAConsumerThatWaits) {
  BoundedQueue<int> queue(1);
  std::jthread closer([&] { std::this_thread::sleep_for(20ms), queue.close(); });
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(Queue, AnEmptyOpenQueueGivesNothingWithoutWaiting) {
  BoundedQueue<int> queue(1);
  EXPECT_EQ(queue.try_pop(), std::nullopt);
  EXPECT_FALSE(queue.drained());
}

TEST(Queue, AFailureReachesBothSidesEvenPastItemsThatAreLeft) {
  BoundedQueue<int> queue(1);
  queue.push(1);
  queue.fail(std::make_exception_ptr(Error(Fault::io, "disk full")));
  EXPECT_THROW(queue.pop(), Error);
  EXPECT_THROW(queue.push(2), Error);
  EXPECT_THROW(queue.try_pop(), Error);
}

TEST(Queue, AFailureWakesAProducerThatWaitsForRoom) {
  BoundedQueue<int> queue(1);
  queue.push(1);
  std::jthread failer([&] { std::this_thread::sleep_for(20ms), queue.fail(std::make_exception_ptr(Error(Fault::io, "gone"))); });
  EXPECT_THROW(queue.push(2), Error);
}

TEST(Queue, TheFirstFailureIsTheOneThatIsSeen) {
  BoundedQueue<int> queue(1);
  queue.fail(std::make_exception_ptr(Error(Fault::io, "first")));
  queue.fail(std::make_exception_ptr(Error(Fault::io, "second")));
  try {
    queue.pop();
    FAIL() << "pop() returned";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "first");
  }
}

TEST(Queue, NothingIsLostOrDoubledBetweenManyThreads) {
  constexpr int producers = 4, consumers = 3, each = 2000;
  BoundedQueue<int> queue(7);
  std::atomic<long> sum{0}, count{0};
  {
    std::vector<std::jthread> consuming;
    for (int i = 0; i < consumers; ++i)
      consuming.emplace_back([&] {
        while (auto item = queue.pop()) sum += *item, ++count;
      });
    {
      std::vector<std::jthread> producing;
      for (int p = 0; p < producers; ++p)
        producing.emplace_back([&, p] {
          for (int i = 0; i < each; ++i) queue.push(p * each + i);
        });
    }
    queue.close();
  }
  long total = static_cast<long>(producers) * each;
  EXPECT_EQ(count, total);
  EXPECT_EQ(sum, total * (total - 1) / 2);
}

TEST(Workers, JoinReturnsWhenAllAreDone) {
  std::atomic<int> done{0};
  Workers workers([](const std::exception_ptr&) {});
  for (int i = 0; i < 4; ++i) workers.start([&] { ++done; });
  workers.join();
  EXPECT_EQ(done, 4);
}

TEST(Workers, TheFirstExceptionStopsTheOthersAndIsWhatJoinThrows) {
  BoundedQueue<int> queue(1);
  std::atomic<int> failures{0};
  Workers workers([&](const std::exception_ptr& failure) { ++failures, queue.fail(failure); });
  for (int i = 0; i < 3; ++i)
    workers.start([&] {
      while (queue.pop()) {
      }
    });
  workers.start([] { throw Error(Fault::server, "relation does not exist"); });
  try {
    workers.join();
    FAIL() << "join() returned";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "relation does not exist");
  }
  EXPECT_EQ(failures, 1);
}

TEST(Workers, OtherExceptionsPassUnchanged) {
  Workers workers([](const std::exception_ptr&) {});
  workers.start([] { throw std::bad_alloc(); });
  EXPECT_THROW(workers.join(), std::bad_alloc);
}

TEST(ErrorContext, GathersWhatEachLayerKnowsInnermostFirst) {
  try {
    with_context([] { return "restoring TABLE public.t"; }, [] {
      with_context([] { return "chunk 17"; }, []() -> int { throw Error(Fault::damaged, "checksum"); });
    });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.context(), (std::vector<std::string>{"chunk 17", "restoring TABLE public.t"}));
    EXPECT_EQ(error.fault(), Fault::damaged);
  }
}

TEST(ErrorContext, ReturnsWhatTheBodyReturns) {
  int value = 7;
  int& same = with_context([] { return "unused"; }, [&]() -> int& { return value; });
  EXPECT_EQ(&same, &value);
}

}  // namespace
}  // namespace pghaul
