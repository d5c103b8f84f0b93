// The sizes of tables decide how they are read: right where a table was never counted, and where it has changed since.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "catalog/inventory.h"
#include "support/servers.h"

namespace pghaul::test {
namespace {

class Sizes : public testing::TestWithParam<int> {
 protected:
  // What the inventory says of table t; its rows' entry is the only one.
  static model::DataSpec told(const Database& database) {
    pg::Connection connection = database.connect();
    catalog::prepare_session(connection);
    catalog::prepare_transaction(connection, "", false);
    model::Inventory inventory = catalog::read_inventory(connection);
    for (const model::Entry& entry : inventory.entries)
      if (entry.data && entry.name == "t") return *entry.data;
    ADD_FAILURE() << "t has no rows";
    return {};
  }
  static std::uint64_t number(const Database& database, const std::string& sql) { return std::stoull(database.scalar(sql)); }
  // Before 15, the counts of changes reach a new session through the statistics collector, a moment later.
  static void settle(const Database& database, const std::string& condition) {
    for (int i = 0; i < 200 && database.scalar("SELECT " + condition) != "t"; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  static void expect_true(const Database& database) {
    model::DataSpec spec = told(database);
    EXPECT_EQ(spec.pages, number(database, "SELECT pg_relation_size('t') / 8192"));
    EXPECT_EQ(spec.bytes, number(database, "SELECT pg_relation_size('t') + pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 't'::regclass"));
  }
};
INSTANTIATE_TEST_SUITE_P(Servers, Sizes, testing::Values(13, 16, 17), testing::PrintToStringParamName());

constexpr const char* make =
    "CREATE TABLE t (id int, v text) WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off); ALTER TABLE t ALTER v SET STORAGE EXTERNAL";
constexpr const char* rows = "INSERT INTO t SELECT i, repeat('x', CASE WHEN i % 10 = 0 THEN 5000 ELSE 10 END) FROM generate_series(1, 5000) AS i";

TEST_P(Sizes, OfATableThatWasNeverCounted) {
  PGHAUL_NEEDS_SERVER(GetParam());
  Database database(GetParam());
  database.run(make);
  database.run(rows);
  ASSERT_EQ(database.scalar("SELECT relpages FROM pg_class WHERE oid = 't'::regclass"), "0");
  expect_true(database);
}

TEST_P(Sizes, OfATableThatWasCounted) {
  PGHAUL_NEEDS_SERVER(GetParam());
  Database database(GetParam());
  database.run(make);
  database.run(rows);
  database.run("VACUUM (ANALYZE) t");
  expect_true(database);
}

TEST_P(Sizes, OfATableThatWasCountedEmpty) {
  PGHAUL_NEEDS_SERVER(GetParam());
  Database database(GetParam());
  database.run(make);
  database.run("VACUUM (ANALYZE) t");
  expect_true(database);
  database.run(rows);
  settle(database, "pg_stat_get_mod_since_analyze('t'::regclass) = 5000");
  expect_true(database);
}

TEST_P(Sizes, OfATableThatHasGrownSince) {
  PGHAUL_NEEDS_SERVER(GetParam());
  Database database(GetParam());
  database.run(make);
  database.run(rows);
  database.run("VACUUM (ANALYZE) t");
  database.run(rows);
  settle(database, "pg_stat_get_mod_since_analyze('t'::regclass) = 5000");
  expect_true(database);
}

TEST_P(Sizes, OfATableThatUpdatesHaveBloated) {
  PGHAUL_NEEDS_SERVER(GetParam());
  Database database(GetParam());
  database.run(make);
  database.run(rows);
  database.run("VACUUM (ANALYZE) t");
  database.run("UPDATE t SET id = id + 1");
  settle(database, "pg_stat_get_mod_since_analyze('t'::regclass) = 5000");
  expect_true(database);
}

TEST_P(Sizes, OfATableThatWasTruncated) {
  PGHAUL_NEEDS_SERVER(GetParam());
  Database database(GetParam());
  database.run(make);
  database.run(rows);
  database.run("VACUUM (ANALYZE) t");
  database.run("TRUNCATE t");
  expect_true(database);
}

}  // namespace
}  // namespace pghaul::test
