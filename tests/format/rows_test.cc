// Rows and their digests.
#include <gtest/gtest.h>
#include <xxhash.h>

#include "base/error.h"
#include "fixture.h"
#include "format/hash.h"
#include "format/rows.h"

namespace pghaul::format::test {
namespace {

using model::CopyFormat;

std::vector<std::string> rows_of(std::string_view raw, CopyFormat format) {
  std::vector<std::string> rows;
  for_each_row(raw, format, [&](ByteView row) { rows.emplace_back(row); });
  return rows;
}

TEST(Rows, LinesAreSplitWithoutTheirNewlines) {
  EXPECT_EQ(rows_of("a\n\nb\tc\n", CopyFormat::text), (std::vector<std::string>{"a", "", "b\tc"}));
  EXPECT_TRUE(rows_of("", CopyFormat::text).empty());
}

TEST(Rows, ALineWithoutItsNewlineIsRefused) {
  EXPECT_THROW(rows_of("a\nb", CopyFormat::text), Error);
}

TEST(Rows, TuplesAreSplitByTheirLengths) {
  std::string empty("\0\0", 2), null("\0\1\xff\xff\xff\xff", 6), two("\0\2\0\0\0\1x\0\0\0\0", 11);
  EXPECT_EQ(rows_of(empty + null + two, CopyFormat::binary), (std::vector<std::string>{empty, null, two}));
}

TEST(Rows, EveryTruncatedTupleIsRefused) {
  std::string tuple("\0\2\0\0\0\3abc\0\0\0\1x", 14);
  for (std::size_t size = 1; size < tuple.size(); ++size)
    EXPECT_THROW(rows_of(tuple.substr(0, size), CopyFormat::binary), Error) << size;
}

TEST(Rows, TrailersAndNegativeLengthsAreRefused) {
  EXPECT_THROW(rows_of("\xff\xff", CopyFormat::binary), Error);
  EXPECT_THROW(rows_of(std::string("\0\1\xff\xff\xff\xfe", 6), CopyFormat::binary), Error);
  EXPECT_THROW(rows_of(std::string("\0\1\x7f\xff\xff\xff", 6), CopyFormat::binary), Error);
}

TEST(Digests, DoNotDependOnTheOrderOfRows) {
  EXPECT_EQ(sum_rows("a\nb\nc\n", CopyFormat::text).digest, sum_rows("c\na\nb\n", CopyFormat::text).digest);
}

TEST(Digests, ALostADoubledAndAChangedRowShow) {
  Digest whole = sum_rows("a\nb\nc\n", CopyFormat::text).digest;
  EXPECT_NE(sum_rows("a\nb\n", CopyFormat::text).digest, whole);
  EXPECT_NE(sum_rows("a\nb\nc\nc\n", CopyFormat::text).digest, whole);
  EXPECT_NE(sum_rows("a\nb\nd\n", CopyFormat::text).digest, whole);
  EXPECT_NE(sum_rows("a\nb\nc\n\n", CopyFormat::text).digest, whole);
}

TEST(Digests, AreTheSumOfXxh3Of128Bits) {
  EXPECT_EQ(to_hex(row_digest("")),
            "99aa06d3014798d86001c324468d497f");  // the value that XXH3's authors publish for no bytes
  std::string bytes(5000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 + i / 256);
  for (std::size_t size = 1; size < bytes.size(); size += 7) {  // whichever instructions this processor has for it
    ByteView row(bytes.data(), size);
    XXH128_hash_t plain = XXH3_128bits(row.data(), size), seeded = XXH3_128bits_withSeed(row.data(), size, 42);
    ASSERT_EQ(row_digest(row), (Digest{plain.low64, plain.high64})) << size;
    ASSERT_EQ(hash128(row, 42), (Digest{seeded.low64, seeded.high64})) << size;
    ASSERT_EQ(hash64(row, 42), XXH3_64bits_withSeed(row.data(), size, 42)) << size;
  }
  Digest carry{UINT64_MAX, 1};
  carry += {1, 2};
  EXPECT_EQ(to_hex(carry), "00000000000000040000000000000000");
}

}  // namespace
}  // namespace pghaul::format::test
