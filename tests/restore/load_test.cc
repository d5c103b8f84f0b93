// Rows of chunks into a real server: how many chunks share a transaction, and what is left of one that fails.
#include "restore/load.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/servers.h"

namespace pghaul::restore {
namespace {

constexpr int major = 17;

format::ChunkPtr chunk_of(std::uint32_t number, const std::vector<std::string>& lines) {
  auto chunk = std::make_shared<format::Chunk>();
  chunk->number = number;
  for (const std::string& line : lines) chunk->raw.append(line + '\n'), ++chunk->rows;
  return chunk;
}

class Load : public testing::Test {
 protected:
  void SetUp() override {
    PGHAUL_NEEDS_SERVER(major);
    database_.emplace(major);
    connection_.emplace(database_->options());
    connection_->exec("CREATE TABLE t (a int, b text)");
    entry_.data.emplace().target = "public.t (a, b)";
  }

  void load(std::size_t at_most, const NextChunk& next) { Loader(*connection_, at_most).load(entry_, chunks_, next); }
  format::ChunkPtr short_one() {
    std::uint32_t number = made_++;
    return chunk_of(number, {std::to_string(number) + "\tx"});
  }
  std::string loaded() { return connection_->scalar("SELECT coalesce(string_agg(a::text, ' ' ORDER BY a), '') FROM t"); }

  std::optional<test::Database> database_;
  std::optional<pg::Connection> connection_;
  model::Entry entry_;
  std::vector<format::ChunkPtr> chunks_;
  std::uint32_t made_ = 0;
};

TEST_F(Load, ShortChunksShareOneAsFarAsTheyMay) {
  chunks_ = {short_one()};
  load(4, [&] { return short_one(); });
  EXPECT_EQ(chunks_.size(), 4);
  EXPECT_EQ(loaded(), "0 1 2 3");
}

TEST_F(Load, WhereNoneIsAtHandTheCopyEnds) {
  chunks_ = {short_one()};
  load(4, [] { return nullptr; });
  EXPECT_EQ(chunks_.size(), 1);
  EXPECT_EQ(loaded(), "0");
}

// A server that takes long for the rows: its answers do not count beside that.
TEST_F(Load, ALongOneAsksForNoMore) {
  connection_->exec("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.4); RETURN NEW; END'; "
                    "CREATE TRIGGER slow BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION slow()");
  const std::string wide(1 << 20, 'x');
  chunks_ = {chunk_of(0, {"0\t" + wide, "1\t" + wide, "2\t" + wide, "3\t" + wide})};
  load(4, [] {
    ADD_FAILURE() << "asked for another chunk";
    return nullptr;
  });
  EXPECT_EQ(loaded(), "0 1 2 3");
}

// A sequence does not go back with its transaction.
TEST_F(Load, OneThatFailsLeavesNothingAndIsLoadedAgainWhole) {
  connection_->exec("CREATE SEQUENCE tries; CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$BEGIN IF NEW.a = 2 AND nextval('tries') = 1 THEN RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END IF; RETURN NEW; END$$; "
                    "CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION refuse()");
  auto next = [&] { return short_one(); };
  chunks_ = {short_one()};
  EXPECT_THROW(load(4, next), Error);
  EXPECT_EQ(loaded(), "");
  load(4, next);
  EXPECT_EQ(chunks_.size(), 4);
  EXPECT_EQ(loaded(), "0 1 2 3");
}

TEST_F(Load, AnotherNumberOfRowsIsDamage) {
  auto chunk = std::make_shared<format::Chunk>();
  chunk->raw.append("0\tx\n");
  chunk->rows = 2;
  chunks_ = {chunk};
  try {
    load(1, [] { return nullptr; });
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::damaged);
  }
}

}  // namespace
}  // namespace pghaul::restore
