// The memory of sorts; that sessions are told, and options kept, is tested against servers (tests/e2e/scale_test.py).
#include "restore/build_settings.h"

#include <gtest/gtest.h>

namespace pghaul::restore {
namespace {

constexpr std::uint64_t mb = std::uint64_t{1} << 20;

TEST(SortMemory, IsTheTargetsOwnWhereNothingIsKnown) { EXPECT_EQ(sort_memory_bytes(0, 64 * mb), 64 * mb); }

TEST(SortMemory, IsNeverMoreThanTheTargetsOwn) {
  for (std::uint64_t sort = 1; sort < std::uint64_t{1} << 50; sort *= 3) {
    EXPECT_LE(sort_memory_bytes(sort, 64 * mb), 64 * mb);
    EXPECT_EQ(sort_memory_bytes(sort, 1 * mb), 1 * mb);
  }
}

TEST(SortMemory, IsEnoughToMergeAllRunsInOnePass) {
  for (std::uint64_t sort = 1; sort < std::uint64_t{1} << 50; sort *= 3) {
    std::uint64_t memory = sort_memory_bytes(sort, UINT64_MAX), runs = sort / memory, merged_at_once = memory / (264 << 10);
    EXPECT_LE(runs, merged_at_once + 1) << sort;
  }
}

TEST(SortMemory, GrowsWithTheRootOfTheSort) {
  EXPECT_EQ(sort_memory_bytes(10 * mb, 1024 * mb), 8 * mb);
  EXPECT_EQ(sort_memory_bytes(600 * mb, 1024 * mb), 16 * mb);
  EXPECT_EQ(sort_memory_bytes(60000 * mb, 1024 * mb), 128 * mb);
}

}  // namespace
}  // namespace pghaul::restore
