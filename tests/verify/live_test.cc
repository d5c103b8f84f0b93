// Two databases on real servers, equal at first; then one thing is changed on the target, and the comparison must name it.
#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "catalog/inventory.h"
#include "format/copy_rows.h"
#include "support/servers.h"
#include "verify/compare.h"

namespace pghaul::verify {
namespace {

using What = Difference::What;
constexpr int source_major = 16, target_major = 17;

constexpr const char* sample = R"(
CREATE SCHEMA app;
CREATE TABLE app.orders (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, total numeric(10,2), note text, at timestamptz);
INSERT INTO app.orders (total, note, at) SELECT n * 1.25, 'order ' || n, '2024-01-01'::timestamptz + n * interval '1 hour'
  FROM generate_series(1, 5000) AS n;
CREATE INDEX orders_at_idx ON app.orders (at);
CREATE SEQUENCE app.ticket;
SELECT setval('app.ticket', 41);
CREATE TABLE app.empty (a integer);
CREATE TABLE app.nothing ();
INSERT INTO app.nothing DEFAULT VALUES;
CREATE TABLE app.words (w tsvector, note text);
INSERT INTO app.words SELECT to_tsvector('simple', 'a ' || n), repeat('x', n) FROM generate_series(1, 300) AS n;
CREATE VIEW app.recent AS SELECT id, total FROM app.orders WHERE at > '2024-02-01';
COMMENT ON COLUMN app.orders.note IS 'free text';
ALTER TABLE app.empty OWNER TO pghaul_test_alice;
GRANT SELECT ON app.orders TO pghaul_test_alice;
SELECT lo_from_bytea(424242, '\x00ff10');
)";

class Live : public testing::Test {
 protected:
  void SetUp() override {
    PGHAUL_NEEDS_SERVER(source_major);
    PGHAUL_NEEDS_SERVER(target_major);
    for (int major : {source_major, target_major}) {
      test::RoleLock lock(major);
      pg::Connection connection(test::maintenance(major));
      if (connection.query("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'pghaul_test_alice'").empty())
        connection.exec("CREATE ROLE pghaul_test_alice");
    }
    source_.emplace(source_major), target_.emplace(target_major);
    source_->run(sample), target_->run(sample);
  }

  Report compare(const Options& options = {}) { return compare_databases(source_->options(), target_->options(), options, progress_); }

  // The differences as lines "what object", after one change on the target.
  std::vector<std::string> after(const std::string& change, const Options& options = {}) {
    target_->run(change);
    constexpr const char* names[] = {"missing", "extra", "definition", "owner", "privileges", "comment", "label", "rows", "sequence", "setting"};
    std::vector<std::string> lines;
    for (const Difference& difference : compare(options).differences)
      lines.push_back(std::string(names[static_cast<int>(difference.what)]) + " " + difference.object);
    return lines;
  }

  // What an archive of the source would hold.
  std::pair<model::Inventory, format::Totals> archive(model::CopyFormat wanted) {
    pg::Connection connection = source_->connect();
    catalog::prepare_session(connection);
    catalog::prepare_transaction(connection, "", false);
    model::Inventory inventory = catalog::read_inventory(connection);
    format::Totals totals;
    for (const model::Entry& entry : inventory.entries) {
      if (!entry.data) continue;
      format::RelationEnd end;
      bool binary = entry.data->load == model::DataSpec::Load::large_objects || (entry.data->binary_allowed && wanted == model::CopyFormat::binary);
      end.relation = entry.id, end.format = binary ? model::CopyFormat::binary : model::CopyFormat::text;
      format::CopyRows rows(end.format);
      connection.copy_out("COPY " + entry.data->source + " TO STDOUT" + (binary ? " (FORMAT binary)" : ""), [&](ByteView message) {
        if (auto row = rows(message)) ++end.rows, end.raw_bytes += row->size(), end.digest += format::row_digest(rows.digested(*row));
      });
      totals.relations.push_back(end);
    }
    return {std::move(inventory), std::move(totals)};
  }

  std::optional<test::Database> source_, target_;
  Progress progress_;
};

using Lines = std::vector<std::string>;

TEST_F(Live, EqualDatabasesAreEqual) {
  Report report = compare();
  for (const Difference& difference : report.differences)
    ADD_FAILURE() << difference.object << ": " << difference.expected << " / " << difference.found;
  EXPECT_EQ(report.rows, 5000u + 1 + 300 + 1);
  EXPECT_GT(report.entries_compared, 8u);
  EXPECT_EQ(progress_.tables_done, progress_.tables_total);
  EXPECT_EQ(progress_.rows, 2 * report.rows);
}

TEST_F(Live, OneJobSeesTheSame) {
  Options one;
  one.jobs = 1;
  Report two = compare(), alone = compare(one);
  EXPECT_TRUE(alone.equal());
  ASSERT_EQ(alone.tables.size(), two.tables.size());
  for (std::size_t i = 0; i < two.tables.size(); ++i) EXPECT_EQ(alone.tables[i].digest, two.tables[i].digest);
}

TEST_F(Live, AChangedRowIsSeen) { EXPECT_EQ(after("UPDATE app.orders SET total = total + 0.01 WHERE id = 77"), (Lines{"rows TABLE app.orders"})); }

TEST_F(Live, ADoubledRowIsSeen) {
  EXPECT_EQ(after("INSERT INTO app.words SELECT * FROM app.words LIMIT 1"), (Lines{"rows TABLE app.words"}));
}

TEST_F(Live, ALostRowIsSeen) { EXPECT_EQ(after("DELETE FROM app.orders WHERE id = 4999"), (Lines{"rows TABLE app.orders"})); }

TEST_F(Live, ARowOfNoColumnsIsCounted) { EXPECT_EQ(after("INSERT INTO app.nothing DEFAULT VALUES"), (Lines{"rows TABLE app.nothing"})); }

TEST_F(Live, RowsInAnotherOrderAreEqual) {
  EXPECT_EQ(after("CREATE TEMP TABLE t AS SELECT * FROM app.words ORDER BY length(note) DESC; TRUNCATE app.words; "
                  "INSERT INTO app.words SELECT * FROM t"),
            Lines{});
}

TEST_F(Live, ADroppedIndexIsSeen) { EXPECT_EQ(after("DROP INDEX app.orders_at_idx"), (Lines{"missing INDEX app.orders_at_idx"})); }

TEST_F(Live, AMovedSequenceIsSeen) {
  Lines lines = after("SELECT nextval('app.ticket')");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].starts_with("sequence ") && lines[0].ends_with("app.ticket")) << lines[0];
}

TEST_F(Live, AMovedIdentityIsSeen) {
  Lines lines = after("ALTER TABLE app.orders ALTER COLUMN id RESTART WITH 1");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].starts_with("sequence ")) << lines[0];
}

TEST_F(Live, CommentOwnerAndPrivilegesAreSeen) {
  EXPECT_EQ(after("COMMENT ON COLUMN app.orders.note IS 'other'"), (Lines{"comment COLUMN app.orders.note"}));
  target_->run("COMMENT ON COLUMN app.orders.note IS 'free text'");
  EXPECT_EQ(after("ALTER TABLE app.empty OWNER TO postgres"), (Lines{"owner TABLE app.empty"}));
  target_->run("ALTER TABLE app.empty OWNER TO pghaul_test_alice");
  EXPECT_EQ(after("REVOKE SELECT ON app.orders FROM pghaul_test_alice"), (Lines{"privileges TABLE app.orders"}));
  EXPECT_EQ(after("GRANT SELECT ON app.orders TO pghaul_test_alice WITH GRANT OPTION"), (Lines{"privileges TABLE app.orders"}));
}

TEST_F(Live, AMissingTableIsNamedOnceAndTheOthersAreStillRead) {
  EXPECT_EQ(after("DROP TABLE app.empty; DELETE FROM app.words WHERE length(note) = 1"),
            (Lines{"missing TABLE app.empty", "rows TABLE app.words"}));
}

TEST_F(Live, ATableTooManyIsNamed) { EXPECT_EQ(after("CREATE TABLE app.more (a integer)"), (Lines{"extra TABLE app.more"})); }

TEST_F(Live, AChangedLargeObjectIsSeen) {
  Lines lines = after("SELECT lo_put(424242, 1, '\\x00')");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_TRUE(lines[0].starts_with("rows ")) << lines[0];
}

TEST_F(Live, ALostLargeObjectIsSeen) { EXPECT_FALSE(after("SELECT lo_unlink(424242)").empty()); }

TEST_F(Live, AColumnMoreIsADifferenceAndNoError) {
  Lines lines = after("ALTER TABLE app.orders ADD COLUMN extra integer");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], "definition TABLE app.orders");
  EXPECT_EQ(lines[1], "rows TABLE app.orders");
}

TEST_F(Live, AnArchivesDigestsServeInBothForms) {
  for (model::CopyFormat format : {model::CopyFormat::text, model::CopyFormat::binary}) {
    auto [inventory, totals] = archive(format);
    Report report = compare_with_archive(inventory, totals, target_->options(), {}, progress_);
    for (const Difference& difference : report.differences)
      ADD_FAILURE() << difference.object << ": " << difference.expected << " / " << difference.found;
    EXPECT_EQ(report.rows, 5302u);
  }
  auto [inventory, totals] = archive(model::CopyFormat::binary);
  target_->run("UPDATE app.orders SET note = 'Order 7' WHERE id = 7");
  Report report = compare_with_archive(inventory, totals, target_->options(), {}, progress_);
  ASSERT_EQ(report.differences.size(), 1u);
  EXPECT_EQ(report.differences[0].object, "TABLE app.orders");
}

TEST_F(Live, ABigTableIsReadInRangesToTheSameSum) {
  Side side = open_side("the source", source_->options(), "", {}, progress_);
  model::DataSpec spec;
  for (const model::Entry& entry : side.inventory.entries)
    if (entry.data && entry.name == "orders") spec = *entry.data;
  ReadTask whole;
  whole.side = &side, whole.object = "orders", whole.format = model::CopyFormat::binary;
  std::vector<RowTotals> once = read_rows(plan_reading(whole, spec, spec.column_list), 1, {}, progress_);
  spec.bytes = std::uint64_t{64} << 23;  // as if it were half a gigabyte
  std::vector<ReadTask> tasks = plan_reading(whole, spec, spec.column_list);
  ASSERT_EQ(tasks.size(), 8u);
  std::vector<RowTotals> ranges = read_rows(tasks, 1, {}, progress_);
  EXPECT_EQ(once[0].rows, 5000u);
  EXPECT_EQ(ranges[0].rows, 5000u);
  EXPECT_EQ(ranges[0].digest, once[0].digest);
}

TEST_F(Live, TheSourcesEncodingIsTheOneThatCounts) {
  test::Database latin(source_major, "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"), utf8(target_major);
  for (const test::Database* database : {&latin, &utf8}) {
    pg::ConnectOptions options = database->options();
    options.client_encoding = "UTF8";
    pg::Connection(options).exec("CREATE TABLE \"Größe\" (wort text); INSERT INTO \"Größe\" VALUES ('Übel')");
  }
  Report report = compare_databases(latin.options(), utf8.options(), {}, progress_);
  ASSERT_EQ(report.differences.size(), 1u);
  EXPECT_EQ(report.differences[0].what, What::setting);
}

TEST_F(Live, AStopEndsItSoonAndSaysSo) {
  source_->run("CREATE TABLE app.long AS SELECT n, repeat('x', 100) FROM generate_series(1, 2000000) AS n");
  target_->run("CREATE TABLE app.long (n integer, repeat text)");
  std::stop_source stop;
  Options options;
  options.stop = stop.get_token();
  std::jthread stopper([&] {
    while (progress_.rows < 20000) std::this_thread::yield();
    stop.request_stop();
  });
  try {
    compare(options);
    FAIL() << "it went on to the end";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::cancelled) << error.message();
  }
  EXPECT_LT(progress_.rows, 2000000u);
}

TEST_F(Live, AStopBeforeTheBeginningReadsNothing) {
  std::stop_source stop;
  stop.request_stop();
  Options options;
  options.stop = stop.get_token();
  EXPECT_THROW(compare(options), Error);
}

TEST_F(Live, WhatMayNotBeReadIsAnErrorThatNamesTheSide) {
  target_->run("GRANT USAGE ON SCHEMA app TO pghaul_test_alice");
  pg::ConnectOptions alice = target_->options();
  alice.info += " options='-c role=pghaul_test_alice'";
  try {
    compare_databases(source_->options(), alice, {}, progress_);
    FAIL() << "it was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), "42501");
    ASSERT_FALSE(error.context().empty());
    EXPECT_NE(error.context().back().find("the target"), std::string::npos) << error.context().back();
  }
}

}  // namespace
}  // namespace pghaul::verify
