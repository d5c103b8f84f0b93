// COPY's framing taken off: exactly the rows are left, and what is no COPY is refused.
#include "format/copy_rows.h"

#include <gtest/gtest.h>

namespace pghaul::format {
namespace {

using namespace std::string_literals;
using model::CopyFormat;

const std::string header = std::string(CopyRows::signature) + "\0\0\0\0\0\0\0\0"s;

TEST(CopyRows, TextLinesKeepTheirNewlineAndAreDigestedWithoutIt) {
  CopyRows rows(CopyFormat::text);
  auto row = rows("1\tabc\n");
  ASSERT_TRUE(row);
  EXPECT_EQ(*row, "1\tabc\n");
  EXPECT_EQ(rows.digested(*row), "1\tabc");
  EXPECT_EQ(rows.digested(*rows("\n")), "");  // a row of a table without columns
}

TEST(CopyRows, ALineWithoutItsNewlineIsRefused) {
  CopyRows rows(CopyFormat::text);
  EXPECT_THROW(rows("1\tabc"), Error);
  EXPECT_THROW(rows(""), Error);
}

TEST(CopyRows, TheFirstTupleLosesTheHeader) {
  const std::string one = "\0\1\0\0\0\1a"s, two = "\0\1\xFF\xFF\xFF\xFF"s;
  CopyRows rows(CopyFormat::binary);
  EXPECT_EQ(*rows(header + one), one);
  EXPECT_EQ(*rows(two), two);
  EXPECT_EQ(rows.digested(two), two);
  EXPECT_FALSE(rows("\377\377"));
}

TEST(CopyRows, AnEmptyResultIsHeaderAndTrailerInOne) {
  CopyRows rows(CopyFormat::binary);
  EXPECT_FALSE(rows(header + "\377\377"));
}

TEST(CopyRows, AHeaderThatComesAloneIsNoRow) {
  CopyRows rows(CopyFormat::binary);
  EXPECT_FALSE(rows(header));
  EXPECT_EQ(*rows("\0\0"s), "\0\0"s);  // a table without columns
}

TEST(CopyRows, TheExtensionAreaIsPassedOver) {
  CopyRows rows(CopyFormat::binary);
  const std::string tuple = "\0\0"s;
  EXPECT_EQ(*rows(std::string(CopyRows::signature) + "\0\0\0\0\0\0\0\3abc"s + tuple), tuple);
}

TEST(CopyRows, WhatIsNoBinaryCopyIsRefused) {
  for (const std::string& message : {"\0\1"s, "PGCOPY\n\377\r\n"s, std::string(CopyRows::signature) + "\0\1\0\0\0\0\0\0"s,
                                     std::string(CopyRows::signature) + "\0\0\0\0\0\0\0\1"s}) {
    CopyRows rows(CopyFormat::binary);
    EXPECT_THROW(rows(message), Error);
  }
}

}  // namespace
}  // namespace pghaul::format
