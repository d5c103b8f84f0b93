#include "base/few.h"

#include <gtest/gtest.h>

#include <string>

namespace pghaul {
namespace {

TEST(Few, TakesTheRoomOfAPointerAndIsIteratedEmpty) {
  Few<std::string> few;
  static_assert(sizeof few == sizeof(void*));
  EXPECT_TRUE(few.empty());
  EXPECT_EQ(few.size(), 0u);
  for (const std::string& value : few) FAIL() << value;
  EXPECT_EQ(few, Few<std::string>(std::vector<std::string>()));
}

TEST(Few, IsUsedAsAVectorIs) {
  Few<std::string> few = {"a", "b"};
  few.push_back("c");
  few.emplace_back(2, 'd');
  ASSERT_EQ(few.size(), 4u);
  EXPECT_EQ(few.front() + few[1] + few[2] + few.back(), "abcdd");
  EXPECT_EQ(std::vector<std::string>(few.begin(), few.end()), (std::vector<std::string>{"a", "b", "c", "dd"}));
  EXPECT_EQ(erase_if(few, [](const std::string& value) { return value < "c"; }), 2u);
  EXPECT_EQ(few, (Few<std::string>{"c", "dd"}));
  EXPECT_NE(few, Few<std::string>{"c"});
  EXPECT_EQ(erase_if(few, [](const std::string&) { return true; }), 2u);
  EXPECT_EQ(few, Few<std::string>());
}

TEST(Few, CopiesItsValues) {
  Few<int> few = {1, 2}, copy = few, moved = std::move(few);
  copy[0] = 7;
  EXPECT_EQ(moved, (Few<int>{1, 2}));
  EXPECT_TRUE(few.empty());
  moved.clear();
  EXPECT_EQ(copy, (Few<int>{7, 2}));
}

}  // namespace
}  // namespace pghaul
