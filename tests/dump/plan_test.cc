// The plan of a dump, from made-up inventories.
#include "dump/plan.h"

#include <gtest/gtest.h>

namespace pghaul::dump {
namespace {

using model::Entry;

constexpr Cutting one_mb{1 << 20, 1 << 20};

struct Database {
  model::Inventory inventory;

  Database() { inventory.origin.block_size = 8192; }
  Entry& add(Entry entry) {
    entry.id = static_cast<model::EntryId>(inventory.entries.size() + 1);
    inventory.entries.push_back(std::move(entry));
    return inventory.entries.back();
  }
  model::EntryId rows(std::uint64_t bytes, std::uint64_t pages = 0) {
    Entry entry;
    entry.kind = model::Kind::table_data, entry.section = model::Section::data;
    entry.data.emplace();
    entry.data->bytes = bytes, entry.data->pages = pages, entry.data->can_split = pages > 0;
    return add(std::move(entry)).id;
  }
  model::EntryId index(model::EntryId on, std::uint64_t work) {
    Entry entry;
    entry.kind = model::Kind::index, entry.section = model::Section::post_data;
    entry.depends_on = {on}, entry.size = work;
    return add(std::move(entry)).id;
  }
  std::vector<model::EntryId> order(unsigned jobs = 1) const {
    std::vector<model::EntryId> ids;
    for (const Task& task : make_plan(inventory, jobs, one_mb).tasks) ids.push_back(task.relation);
    return ids;
  }
};

TEST(Plan, ATableWithCostlyIndexesIsReadBeforeALargerOneWithNone) {
  Database database;
  model::EntryId large = database.rows(1000), indexed = database.rows(400);
  database.index(database.index(indexed, 500), 200);
  EXPECT_EQ(database.order(), (std::vector{indexed, large}));
}

TEST(Plan, IndexesSideBySideCountOnce) {
  Database database;
  model::EntryId large = database.rows(1000), indexed = database.rows(400);
  database.index(indexed, 500), database.index(indexed, 500);
  EXPECT_EQ(database.order(), (std::vector{large, indexed}));
}

TEST(Plan, RangesCoverEveryPageOnce) {
  Database database;
  database.rows(std::uint64_t{10} << 20, 777);
  Plan plan = make_plan(database.inventory, 3, one_mb);
  ASSERT_EQ(plan.tasks.size(), 10u);
  std::uint64_t next = 0;
  for (const Task& task : plan.tasks) {
    EXPECT_FALSE(task.whole);
    EXPECT_EQ(task.first_page, next);
    next = task.end_page.value_or(0);
  }
  EXPECT_FALSE(plan.tasks.back().end_page) << "the table may have grown";
}

TEST(Plan, ATableBelowTheLimitIsReadWhole) {
  Database database;
  database.rows(std::uint64_t{10} << 20, 777);
  EXPECT_EQ(make_plan(database.inventory, 2, {std::uint64_t{10} << 20, 1 << 20}).tasks.size(), 1u);
  EXPECT_EQ(make_plan(database.inventory, 2, {std::uint64_t{9} << 20, 1 << 20}).tasks.size(), 10u);
}

TEST(Plan, OneJobReadsATableWhole) {
  Database database;
  database.rows(std::uint64_t{10} << 20, 777);
  EXPECT_EQ(make_plan(database.inventory, 1, one_mb).tasks.size(), 1u);
}

}  // namespace
}  // namespace pghaul::dump
