// Text from outside made harmless: nothing that steers a terminal or disguises what is shown may come through.
#include <gtest/gtest.h>

#include <random>

#include "base/error.h"

namespace pghaul {
namespace {

using namespace std::string_literals;

TEST(Printable, OrdinaryTextPassesUnchanged) {
  for (const char* text : {"", "orders", "Größe", "注文", "a b\"c'd", "🐘", "\u00A0"}) EXPECT_EQ(printable(text), text);
}

TEST(Printable, EscapeSequencesBecomeVisible) {
  EXPECT_EQ(printable("\x1b[31mred\x1b]0;title\x07"), "\\x1b[31mred\\x1b]0;title\\x07");
  EXPECT_EQ(printable("a\rb\bc\x7f"), "a\\x0db\\x08c\\x7f");
  EXPECT_EQ(printable("zero\0byte"s), "zero\\x00byte");
}

TEST(Printable, C1ControlsAreEscapesToo) { EXPECT_EQ(printable("\xC2\x9B" "31m"), "\\xc2\\x9b31m"); }

TEST(Printable, NewlinesStayOnlyWhereTheyAreWanted) {
  EXPECT_EQ(printable("a\nb\tc"), "a\\nb\\x09c");
  EXPECT_EQ(printable("a\nb\tc", true), "a\nb\tc");
}

TEST(Printable, DirectionMarksAndLineSeparatorsCannotReorderALine) {
  for (const char* mark : {"\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066",
                           "\u2067", "\u2068", "\u2069"}) {
    std::string shown = printable("a" + std::string(mark) + "b");
    EXPECT_EQ(shown.find(mark), std::string::npos) << shown;
    EXPECT_TRUE(shown.starts_with("a\\xe2")) << shown;
  }
}

TEST(Printable, InvalidUtf8BecomesVisibleAndTheRestIsKept) {
  EXPECT_EQ(printable("caf\xE9!"), "caf\\xe9!");                 // LATIN1
  EXPECT_EQ(printable("\xC0\xAF"), "\\xc0\\xaf");                // overlong
  EXPECT_EQ(printable("\xE0\x80\xAF"), "\\xe0\\x80\\xaf");       // overlong
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");       // surrogate
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // past U+10FFFF
  EXPECT_EQ(printable("\xE2\x82"), "\\xe2\\x82");                // cut off
  EXPECT_EQ(printable("\xE2\x82z"), "\\xe2\\x82z");
}

TEST(Printable, WhateverComesInNothingSteersTheTerminal) {
  std::mt19937 random(42);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 40, '\0');
    for (char& c : text) c = static_cast<char>(random());
    for (unsigned char c : printable(text)) ASSERT_TRUE(c >= 0x20 && c != 0x7F) << "round " << round;
  }
}

}  // namespace
}  // namespace pghaul
