#include "base/boxed.h"

#include <gtest/gtest.h>

#include <string>

namespace pghaul {
namespace {

TEST(Boxed, IsEmptyUntilItIsGivenAValue) {
  Boxed<std::string> box;
  EXPECT_FALSE(box);
  EXPECT_FALSE(box.has_value());
  box.emplace() = "orders";
  ASSERT_TRUE(box);
  EXPECT_EQ(*box, "orders");
  EXPECT_EQ(box->size(), 6u);
}

TEST(Boxed, CopiesItsValue) {
  Boxed<std::string> box = std::string("orders");
  Boxed<std::string> copy = box, empty;
  *copy = "items";
  EXPECT_EQ(*box, "orders");
  copy = box;
  EXPECT_EQ(*copy, "orders");
  copy = empty;
  EXPECT_FALSE(copy);
  Boxed<std::string>& itself = box;
  box = itself;
  EXPECT_EQ(*box, "orders");
}

TEST(Boxed, IsEmptyAfterItsValueHasMoved) {
  Boxed<std::string> box = std::string("orders"), other = std::move(box);
  EXPECT_FALSE(box.has_value());
  EXPECT_EQ(*other, "orders");
  static_assert(sizeof other == sizeof(void*));
}

}  // namespace
}  // namespace pghaul
