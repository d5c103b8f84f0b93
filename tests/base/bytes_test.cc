// Buffers, above all large ones, whose memory goes from one to the next.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/bytes.h"

namespace pghaul {
namespace {

constexpr std::size_t mib = std::size_t{1} << 20;

TEST(Buffer, KeepsItsBytesWhileItGrows) {
  std::string expected;
  for (int round = 0; round < 3; ++round) {  // later rounds meet the memory of earlier ones
    Buffer buffer;
    expected.clear();
    while (expected.size() < 5 * mib) {
      std::string more(100'000, static_cast<char>('a' + expected.size() % 23));
      buffer.append(more), expected += more;
    }
    ASSERT_TRUE(buffer.view() == expected);
    Buffer moved = std::move(buffer);
    ASSERT_TRUE(moved.view() == expected);
    ASSERT_TRUE(buffer.empty());
  }
}

TEST(Buffer, HasTheRoomThatWasAskedFor) {
  std::vector<Buffer> all;
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, mib - 1, mib, mib + 1, 4 * mib + 4096, 9 * mib, 40 * mib}) {
    all.emplace_back().resize(size);
    ASSERT_GE(all.back().capacity(), size);
    if (size) all.back().data()[0] = all.back().data()[size - 1] = 'x';
  }
  EXPECT_THROW(Buffer().reserve(SIZE_MAX), std::bad_alloc);
}

TEST(Buffer, TwoNeverShareMemory) {
  std::vector<std::jthread> threads;
  for (char letter = 'a'; letter < 'e'; ++letter)
    threads.emplace_back([letter] {
      for (std::size_t round = 0; round < 60; ++round) {
        Buffer one, two;
        one.resize(mib + round * 70'000), two.resize(mib + round * 90'000);
        std::memset(one.data(), letter, one.size()), std::memset(two.data(), letter + 10, two.size());
        for (std::size_t at = 0; at < one.size(); at += 4093) ASSERT_EQ(one.data()[at], letter);
        for (std::size_t at = 0; at < two.size(); at += 4093) ASSERT_EQ(two.data()[at], letter + 10);
      }
    });
}

}  // namespace
}  // namespace pghaul
