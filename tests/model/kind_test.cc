// Numbers that are in archives, and the documentation's table of lock conflicts.
#include "model/kind.h"

#include <gtest/gtest.h>

#include <set>

#include "model/entry.h"
#include "model/lock.h"

namespace pghaul::model {
namespace {

TEST(Kind, EveryKnownNumberHasANameOfItsOwn) {
  std::set<std::string_view> names;
  int known = 0;
  for (int number = 0; number < 1000; ++number) {
    if (!is_known_kind(static_cast<std::uint16_t>(number))) continue;
    ++known;
    EXPECT_TRUE(names.insert(kind_name(static_cast<Kind>(number))).second) << number;
  }
  EXPECT_GT(known, 50);
  EXPECT_FALSE(is_known_kind(0)) << "zeroed bytes are no kind";
}

TEST(Kind, NumbersInArchivesStayAsTheyAre) {
  EXPECT_EQ(static_cast<int>(Kind::database), 1);
  EXPECT_EQ(static_cast<int>(Kind::table), 40);
  EXPECT_EQ(static_cast<int>(Kind::table_data), 50);
  EXPECT_EQ(static_cast<int>(Kind::foreign_key), 64);
  EXPECT_EQ(static_cast<int>(Kind::tablespace), 93);
}

TEST(Lock, ConflictsAreSymmetricAndAccessExclusiveConflictsWithAll) {
  for (int a = 1; a <= 8; ++a) {
    EXPECT_TRUE(conflict(LockMode::access_exclusive, static_cast<LockMode>(a)));
    for (int b = 1; b <= 8; ++b)
      EXPECT_EQ(conflict(static_cast<LockMode>(a), static_cast<LockMode>(b)), conflict(static_cast<LockMode>(b), static_cast<LockMode>(a)));
  }
}

TEST(Lock, IndexesOfOneTableCanBeBuiltSideBySideAndForeignKeysCannot) {
  EXPECT_FALSE(conflict(LockMode::share, LockMode::share));
  EXPECT_TRUE(conflict(LockMode::share_row_exclusive, LockMode::share_row_exclusive));
  EXPECT_TRUE(conflict(LockMode::share, LockMode::row_exclusive));
  EXPECT_FALSE(conflict(LockMode::access_share, LockMode::exclusive));
}

TEST(Describe, NamesAnEntryForPeopleAndKeepsTerminalsSafe) {
  Entry entry;
  entry.kind = Kind::index, entry.schema = "app", entry.name = "orders\x1b[31m_idx";
  EXPECT_EQ(describe(entry), "INDEX app.orders\\x1b[31m_idx");
}

}  // namespace
}  // namespace pghaul::model
