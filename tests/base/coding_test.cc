// Coding of integers and strings, and the growable buffer: right on what was written, refusing everything else.
#include "base/coding.h"

#include <gtest/gtest.h>

#include <random>

namespace pghaul {
namespace {

TEST(Coding, ReadsBackWhatWasWritten) {
  ByteWriter writer;
  writer.put<std::uint8_t>(7);
  writer.put<std::uint32_t>(0xDEADBEEF);
  writer.put<std::int64_t>(-5);
  writer.put_string("héllo");
  writer.put_string("");
  ByteReader reader(writer.bytes(), "a test");
  EXPECT_EQ(reader.get<std::uint8_t>(), 7);
  EXPECT_EQ(reader.get<std::uint32_t>(), 0xDEADBEEF);
  EXPECT_EQ(reader.get<std::int64_t>(), -5);
  EXPECT_EQ(reader.get_string(), "héllo");
  EXPECT_EQ(reader.get_string(), "");
  EXPECT_TRUE(reader.at_end());
}

TEST(Coding, StoresTheLowByteFirst) {
  ByteWriter writer;
  writer.put<std::uint32_t>(1);
  EXPECT_EQ(writer.bytes(), std::string("\1\0\0\0", 4));
}

void expect_damaged(ByteView bytes, auto&& read) {
  ByteReader reader(bytes, "catalog block");
  try {
    read(reader);
    FAIL() << "it was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::damaged);
    EXPECT_TRUE(error.message().starts_with("catalog block ")) << error.message();
  }
}

TEST(Coding, AValueThatIsCutOffIsDamage) {
  expect_damaged("abc", [](ByteReader& reader) { reader.get<std::uint32_t>(); });
  expect_damaged("", [](ByteReader& reader) { reader.get<std::uint8_t>(); });
}

TEST(Coding, ALengthPastTheEndIsDamage) {
  expect_damaged(ByteView("\5\0\0\0abcd", 8), [](ByteReader& reader) { reader.get_string(); });
  expect_damaged(ByteView("\xFF\xFF\xFF\xFF" "abcd", 8), [](ByteReader& reader) { reader.get_string(); });
}

TEST(Coding, ACountThatTheSizeDoesNotAllowIsDamage) {
  expect_damaged(ByteView("\3\0\0\0abcdefgh", 12), [](ByteReader& reader) { reader.get_count(4); });
  ByteReader reader(ByteView("\2\0\0\0abcdefgh", 12), "catalog block");
  EXPECT_EQ(reader.get_count(4), 2u);
}

TEST(Coding, NoBytesMakeTheReaderStepOutside) {
  std::mt19937 random(7);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes(random() % 64, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 3 ? random() % 8 : random());
    ByteReader reader(bytes, "fuzz");
    try {
      for (;;) {
        switch (random() % 4) {
          case 0: reader.get<std::uint64_t>(); break;
          case 1: reader.get_count(1 + random() % 8); break;
          default: {
            std::string_view text = reader.get_string();
            ASSERT_TRUE(text.empty() || (text.data() >= bytes.data() && text.data() + text.size() <= bytes.data() + bytes.size()));
          }
        }
      }
    } catch (const Error& error) {
      ASSERT_EQ(error.fault(), Fault::damaged);
    }
  }
}

TEST(BufferTest, GrowsAndKeepsWhatItHas) {
  Buffer buffer;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    std::string piece(static_cast<std::size_t>(i % 17), static_cast<char>('a' + i % 26));
    buffer.append(piece), expected += piece;
  }
  EXPECT_EQ(buffer.view(), expected);
}

TEST(BufferTest, MovingLeavesTheOtherEmpty) {
  Buffer one(16);
  one.append("abc");
  Buffer two(std::move(one));
  EXPECT_EQ(two.view(), "abc");
  EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move)
  Buffer three;
  three.append("xyz");
  three = std::move(two);
  EXPECT_EQ(three.view(), "abc");
}

TEST(BufferTest, ClearingKeepsTheRoom) {
  Buffer buffer(100);
  buffer.append("abc");
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
  EXPECT_GE(buffer.capacity(), 100u);
}

}  // namespace
}  // namespace pghaul
