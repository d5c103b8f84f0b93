// Archives that are as they should be: what was put in comes out, in stream order, at random and through a
// pipe.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <thread>

#include "base/error.h"
#include "fixture.h"
#include "format/walk.h"

namespace pghaul::format::test {
namespace {

using model::CopyFormat;
using model::EntryId;
using Sent = std::vector<Relation>;
using Found = std::map<std::pair<EntryId, std::uint32_t>, ChunkPtr>;

void expect_same(const Chunk& found, const Chunk& sent) {
  EXPECT_EQ(found.relation, sent.relation);
  EXPECT_EQ(found.number, sent.number);
  EXPECT_EQ(found.format, sent.format);
  EXPECT_EQ(found.rows, sent.rows);
  EXPECT_EQ(found.digest, sent.digest);
  EXPECT_TRUE(found.raw.view() == sent.raw.view());
}

void expect_same(const Found& found, const Sent& sent) {
  std::size_t chunks = 0;
  for (const Relation& relation : sent)
    for (const ChunkPtr& chunk : relation.chunks) {
      ++chunks;
      auto at = found.find({chunk->relation, chunk->number});
      ASSERT_NE(at, found.end());
      expect_same(*at->second, *chunk);
    }
  EXPECT_EQ(found.size(), chunks);
}

void expect_totals(const Totals& totals, const Sent& sent) {
  ASSERT_EQ(totals.relations.size(), sent.size());
  for (const Relation& relation : sent) {
    auto same = [&](const RelationEnd& end) { return end.relation == relation.end.relation; };
    auto at = std::find_if(totals.relations.begin(), totals.relations.end(), same);
    ASSERT_NE(at, totals.relations.end());
    EXPECT_EQ(at->rows, relation.end.rows);
    EXPECT_EQ(at->chunks, relation.end.chunks);
    EXPECT_EQ(at->raw_bytes, relation.end.raw_bytes);
    EXPECT_EQ(at->digest, relation.end.digest);
  }
}

// Reads everything; checks that an end comes after its chunks.
Found drain(Source& source) {
  Found found;
  std::map<EntryId, std::uint32_t> seen;
  while (auto item = source.next()) {
    if (auto* end = std::get_if<RelationEnd>(&*item)) {
      EXPECT_EQ(seen[end->relation], end->chunks);
      continue;
    }
    auto& pending = std::get<std::unique_ptr<PendingChunk>>(*item);
    ++seen[pending->relation];
    auto key = std::pair(pending->relation, pending->number);
    auto raw_bytes = pending->raw_bytes, rows = pending->rows;
    ChunkPtr chunk = pending->decode();
    EXPECT_EQ(chunk->raw.size(), raw_bytes);
    EXPECT_EQ(chunk->rows, rows);
    EXPECT_TRUE(found.emplace(key, chunk).second);
  }
  EXPECT_FALSE(source.next().has_value());
  return found;
}

Sent random_relations(Random& random, unsigned count) {
  Sent sent;
  for (EntryId id = 1; id <= count; ++id)
    sent.push_back(random_relation(random, id, random() % 2 ? CopyFormat::text : CopyFormat::binary,
                                   static_cast<unsigned>(random() % 5),
                                   1 + static_cast<unsigned>(random() % 400)));
  return sent;
}

TEST(Archive, WhatIsPutInComesOutInEveryWay) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    TemporaryDirectory directory;
    std::string path = directory / "a";
    Random random(seed);
    auto count = static_cast<unsigned>(random() % 6);
    Sent sent = random_relations(random, count);
    int level = static_cast<int>(seed % 4);
    Totals totals =
        send(*write_archive(path, {.level = level, .compressors = 1 + static_cast<unsigned>(seed % 3)}),
             tables(count), sent);
    expect_totals(totals, sent);
    EXPECT_EQ(totals.stored_bytes, std::filesystem::file_size(path));

    auto source = read_archive(path);
    EXPECT_EQ(source->inventory().entries.size(), count);
    expect_same(drain(*source), sent);
    expect_totals(source->totals(), sent);

    auto file = open_archive(path);
    expect_totals(file->totals(), sent);
    Found found;
    for (const Relation& relation : sent) {
      std::uint32_t next = 0;
      for (auto& pending : file->chunks(relation.end.relation)) {
        EXPECT_EQ(pending->number, next++);
        found[{pending->relation, pending->number}] = pending->decode();
      }
    }
    expect_same(found, sent);

    Overview overview = read_overview(path, false);
    EXPECT_TRUE(overview.complete);
    expect_totals(overview.totals, sent);
    EXPECT_EQ(overview.inventory.entries.size(), count);
    std::atomic<std::uint64_t> progress = 0;
    Overview verified =
        verify_archive(path, 2, [&](std::uint64_t bytes) { progress = std::max(progress.load(), bytes); });
    EXPECT_EQ(progress, totals.raw_bytes);
    expect_totals(verified.totals, sent);
    EXPECT_EQ(verified.file_bytes, totals.stored_bytes);
    EXPECT_EQ(to_string(verified.uuid), to_string(overview.uuid));
  }
}

TEST(Archive, ChunksFromManyThreadsArriveOnceAndBeforeTheirEnd) {
  TemporaryDirectory directory;
  Random random(5);
  Sent sent;
  for (EntryId id = 1; id <= 8; ++id) sent.push_back(random_relation(random, id, CopyFormat::text, 20, 300));
  auto sink = write_archive(directory / "a", {.level = 1, .compressors = 3});
  sink->begin(tables(8));
  {
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (std::size_t i = t; i < sent.size(); i += 4) {
          for (const ChunkPtr& chunk : sent[i].chunks)
            sink->put(chunk), sink->put(chunk);  // sent twice, counts once
          sink->end_relation(sent[i].end);
        }
      });
  }
  sink->finish();
  auto source = read_archive(directory / "a");
  expect_same(drain(*source), sent);
  expect_totals(source->totals(), sent);
}

TEST(Archive, WorksThroughAPipe) {
  Random random(9);
  Sent sent = {random_relation(random, 1, CopyFormat::binary, 40, 500),
               random_relation(random, 2, CopyFormat::text, 30, 900)};
  TemporaryDirectory directory;
  std::string path = directory / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::jthread writer([&] { send(*write_archive(path, {.level = 1, .compressors = 2}), tables(2), sent); });
  auto source = read_archive(path);
  expect_same(drain(*source), sent);
  expect_totals(source->totals(), sent);
  EXPECT_TRUE(std::filesystem::is_fifo(path));
}

TEST(Archive, AReaderThatWaitsForAPipeIsWokenByFail) {
  TemporaryDirectory directory;
  std::string path = directory / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  int held = open(path.c_str(), O_RDWR);
  auto source = read_archive(path);
  std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    source->fail(std::make_exception_ptr(Error(Fault::cancelled, "enough")));
  });
  try {
    source->next();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "enough");
  }
  close(held);
}

TEST(Archive, ALargeCatalogTakesSeveralBlocks) {
  TemporaryDirectory directory;
  model::Inventory inventory = tables(3);
  std::string sql;
  for (unsigned i = 0; sql.size() < 9u << 20; ++i) sql += "CREATE TABLE t" + std::to_string(i * 7919) + "\n";
  inventory.entries[1].create_sql = sql;
  send(*write_archive(directory / "a", {}), inventory, {});
  EXPECT_EQ(read_archive(directory / "a")->inventory().entries[1].create_sql, sql);
  EXPECT_EQ(blocks_of(read_file(directory / "a")).size(), 4u);  // three of the catalog, one of the index
  EXPECT_EQ(verify_archive(directory / "a", 1, {}).inventory.entries.size(), 3u);
}

TEST(Archive, AChunkThatDoesNotCompressIsStoredAsItIs) {
  TemporaryDirectory directory;
  Random random(3);
  std::string noise, text;
  for (int i = 0; i < 100000; ++i)
    noise += static_cast<char>(random() % 255 + (random() % 255 == '\n')), text += "abc\n";
  for (char& byte : noise) byte = byte == '\n' ? 'x' : byte;
  noise += '\n';
  std::vector<Chunk> chunks;
  chunks.push_back(make_chunk(1, 0, noise, CopyFormat::text));
  chunks.push_back(make_chunk(1, 1, text, CopyFormat::text));
  Sent sent;
  sent.push_back(make_relation(std::move(chunks), 1, CopyFormat::text));
  send(*write_archive(directory / "a", {}), tables(1), sent);
  for (const Block& block : blocks_of(read_file(directory / "a"))) {
    if (block.type() != BlockType::chunk) continue;
    EXPECT_EQ(block.header.codec, block.header.number == 0 ? 0 : 1);
  }
  auto source = read_archive(directory / "a");
  expect_same(drain(*source), sent);
}

TEST(Archive, ARelationMayHaveNoRowsAndATableNoColumns) {
  TemporaryDirectory directory;
  std::vector<Chunk> chunks;
  chunks.push_back(make_chunk(2, 0, "\n\n\n", CopyFormat::text));
  Sent sent;
  sent.push_back(make_relation({}, 1, CopyFormat::binary));
  sent.push_back(make_relation(std::move(chunks), 2, CopyFormat::text));
  send(*write_archive(directory / "a", {}), tables(2), sent);
  Overview overview = verify_archive(directory / "a", 2, {});
  EXPECT_EQ(overview.totals.rows, 3u);
  EXPECT_TRUE(open_archive(directory / "a")->chunks(1).empty());
}

// What the writer must not do, whatever its caller does.
class WriterRefuses : public testing::Test {
 protected:
  WriterRefuses() : sink(write_archive(directory / "a", {})) { sink->begin(tables(2)); }
  void expect_internal(const std::function<void()>& body) {
    try {
      body();
      ADD_FAILURE() << "not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::internal) << error.message();
    }
    sink.reset();
    EXPECT_FALSE(std::filesystem::exists(directory / "a"));
    EXPECT_FALSE(std::filesystem::exists(directory / "a.partial"));
  }
  ChunkPtr chunk(std::uint32_t number, std::string_view raw) {
    return std::make_shared<Chunk>(make_chunk(1, number, raw, CopyFormat::text));
  }
  TemporaryDirectory directory;
  std::unique_ptr<Sink> sink;
};

TEST_F(WriterRefuses, AnEndThatDoesNotFitItsChunks) {
  sink->put(chunk(0, "a\n"));
  expect_internal(
      [&] { sink->end_relation({.relation = 1, .chunks = 1, .rows = 2, .raw_bytes = 2, .digest = {}}); });
}
TEST_F(WriterRefuses, AGapBetweenChunks) {
  Relation relation = make_relation({}, 1, CopyFormat::text);
  sink->put(chunk(1, "a\n"));
  expect_internal([&] {
    sink->end_relation({.relation = 1, .chunks = 1, .rows = 1, .raw_bytes = 2, .digest = row_digest("a")});
  });
}
TEST_F(WriterRefuses, ARelationWithoutItsEnd) {
  sink->put(chunk(0, "a\n"));
  expect_internal([&] { sink->finish(); });
}
TEST_F(WriterRefuses, AChunkTwiceWithDifferentRows) {
  sink->put(chunk(0, "a\n"));
  expect_internal([&] { sink->put(chunk(0, "b\n")); });
}
TEST_F(WriterRefuses, AChunkOfAnEntryWithoutRows) {
  expect_internal([&] { sink->put(std::make_shared<Chunk>(make_chunk(3, 0, "a\n", CopyFormat::text))); });
}
TEST_F(WriterRefuses, AnythingAfterItFailed) {
  sink->fail(std::make_exception_ptr(Error(Fault::internal, "broken")));
  expect_internal([&] { sink->put(chunk(0, "a\n")); });
}

}  // namespace
}  // namespace pghaul::format::test
