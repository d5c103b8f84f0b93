// Identifiers and literals as the lexer of every supported server reads them.
#include "model/ident.h"

#include <gtest/gtest.h>

namespace pghaul::model {
namespace {

TEST(Ident, PlainLowerCaseNameStaysAsItIs) {
  EXPECT_EQ(quote_ident("orders"), "orders");
  EXPECT_EQ(quote_ident("_x1"), "_x1");
}

TEST(Ident, NamesThatFoldOrStartWithADigitAreQuoted) {
  EXPECT_EQ(quote_ident("Orders"), "\"Orders\"");
  EXPECT_EQ(quote_ident("1st"), "\"1st\"");
  EXPECT_EQ(quote_ident("a.b"), "\"a.b\"");
  EXPECT_EQ(quote_ident("a$b"), "\"a$b\"");
  EXPECT_EQ(quote_ident("gr\xc3\xb6\xc3\x9f" "e"), "\"gr\xc3\xb6\xc3\x9f" "e\"");
  EXPECT_EQ(quote_ident("new\nline"), "\"new\nline\"");
  EXPECT_EQ(quote_ident(""), "\"\"");
}

TEST(Ident, QuoteInsideIsDoubled) { EXPECT_EQ(quote_ident("we\"ird"), "\"we\"\"ird\""); }

TEST(Ident, KeywordOfAnyServerIsQuoted) {
  EXPECT_EQ(quote_ident("select"), "\"select\"");
  EXPECT_EQ(quote_ident("between"), "\"between\"");
  EXPECT_EQ(quote_ident("system_user"), "\"system_user\"");    // reserved since 16
  EXPECT_EQ(quote_ident("merge_action"), "\"merge_action\"");  // since 17
  EXPECT_EQ(quote_ident("xmltable"), "\"xmltable\"");
  EXPECT_EQ(quote_ident("name"), "name");  // an unreserved one
}

TEST(Ident, QualifiedNameQuotesEachPart) {
  EXPECT_EQ(qualified("public", "orders"), "public.orders");
  EXPECT_EQ(qualified("My Schema", "select"), "\"My Schema\".\"select\"");
  EXPECT_EQ(qualified("", "Orders"), "\"Orders\"");
}

TEST(Literal, QuoteIsDoubled) {
  EXPECT_EQ(quote_literal(""), "''");
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
  EXPECT_EQ(quote_literal("two\nlines"), "'two\nlines'");
}

TEST(Literal, BackslashMeansItselfWhateverTheServerIsSetTo) {
  EXPECT_EQ(quote_literal("a\\b"), "E'a\\\\b'");
  EXPECT_EQ(quote_literal("\\'"), "E'\\\\'''");
}

}  // namespace
}  // namespace pghaul::model
