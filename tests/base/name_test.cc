#include "base/name.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace pghaul {
namespace {

TEST(Name, KeepsOneStringForEachText) {
  Name orders = std::string("orders"), same = "orders", other = "items", none;
  static_assert(sizeof none == sizeof(void*));
  EXPECT_EQ(orders, same);
  EXPECT_EQ(&orders.str(), &same.str());
  EXPECT_NE(orders, other);
  EXPECT_LT(other, orders);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none, Name(""));
  EXPECT_EQ(none, "");
  EXPECT_EQ(orders + ".id", "orders.id");
  EXPECT_EQ(fmt::format("{}", orders), "orders");
  orders.clear();
  EXPECT_TRUE(orders.empty());
  EXPECT_EQ(same.str(), "orders");
}

TEST(Name, IsSharedByThreads) {
  std::vector<const std::string*> seen(4 * 1000);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&seen, t] {
      for (std::size_t i = 0; i < 1000; ++i) seen[t * 1000 + i] = &Name("n" + std::to_string(i)).str();
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], seen[i % 1000]);
}

}  // namespace
}  // namespace pghaul
