// Patterns mean what they mean to psql.
#include "model/pattern.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace pghaul::model {
namespace {

bool matches(std::string_view pattern, std::string_view name) { return NameMatcher(pattern).matches(name); }

TEST(Pattern, PlainNameMatchesItselfOnly) {
  EXPECT_TRUE(matches("orders", "orders"));
  EXPECT_FALSE(matches("orders", "orders2"));
  EXPECT_FALSE(matches("orders", "my_orders"));
  EXPECT_EQ(NameMatcher("Orders").literal(), "orders");
}

TEST(Pattern, LettersAreFoldedOutsideOfQuotes) {
  EXPECT_TRUE(matches("ORDERS", "orders"));
  EXPECT_FALSE(matches("ORDERS", "ORDERS"));
  EXPECT_TRUE(matches("\"ORDERS\"", "ORDERS"));
  EXPECT_TRUE(matches("FOO\"FOO\"BAR", "fooFOObar"));
}

TEST(Pattern, StarAndQuestionMark) {
  EXPECT_TRUE(matches("or*s", "orders"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("order?", "orders"));
  EXPECT_FALSE(matches("order?", "order"));
  EXPECT_TRUE(matches("a*", "a\nb"));
}

TEST(Pattern, QuestionMarkIsACharacterNotAByte) {
  EXPECT_TRUE(matches("b?ro", "b\xC3\xBCro"));
  EXPECT_TRUE(matches("?", "\xF0\x9F\x98\x80"));
  EXPECT_FALSE(matches("b??ro", "b\xC3\xBCro"));
}

TEST(Pattern, WildcardsAreOrdinaryWithinQuotes) {
  EXPECT_TRUE(matches("\"a*\"", "a*"));
  EXPECT_FALSE(matches("\"a*\"", "ab"));
  EXPECT_TRUE(matches("\"a.b\"*", "a.bc"));
  EXPECT_FALSE(matches("\"a.b\"*", "axbc"));
  EXPECT_TRUE(matches("\"say \"\"hi\"\"\"", "say \"hi\""));
}

TEST(Pattern, RegularExpressionsWork) {
  EXPECT_TRUE(matches("t[0-9]+", "t12"));
  EXPECT_FALSE(matches("t[0-9]+", "t1x"));
  EXPECT_TRUE(matches("(a|b)c", "bc"));
  EXPECT_TRUE(matches("a{2}", "aa"));
  EXPECT_TRUE(matches("pay$", "pay$"));
  EXPECT_TRUE(matches("t[]", "t[]"));
  EXPECT_THROW(NameMatcher("t[0-"), Error);
  EXPECT_THROW(NameMatcher("(t"), Error);
}

TEST(Pattern, DotsPartSchemaAndDatabase) {
  Pattern plain = table_pattern("orders");
  EXPECT_FALSE(plain.schema || plain.database);
  Pattern two = table_pattern("shop.orders");
  EXPECT_TRUE(two.schema->matches("shop"));
  EXPECT_TRUE(two.name.matches("orders"));
  Pattern three = table_pattern("Db.s*.t");
  EXPECT_EQ(three.database, "db");
  EXPECT_TRUE(three.schema->matches("shop"));
  Pattern quoted = table_pattern("\"a.b\".c");
  EXPECT_TRUE(quoted.schema->matches("a.b"));
  EXPECT_THROW(table_pattern("a.b.c.d"), Error);
  EXPECT_EQ(plain_pattern("db.shop").database, "db");
  EXPECT_THROW(plain_pattern("a.b.c"), Error);
}

}  // namespace
}  // namespace pghaul::model
