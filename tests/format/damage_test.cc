// Archives that are not as they were written: every flipped bit, every early end, every block in a wrong
// place is found, by the reader that meets it, with its name.
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "fixture.h"
#include "format/capability.h"
#include "format/verify.h"

namespace pghaul::format::test {
namespace {

struct Outcome {
  bool refused = false;
  Fault fault = Fault::internal;
  std::string message, hint;
};

template <typename Body>
Outcome outcome_of(Body&& body) {
  try {
    body();
    return {};
  } catch (const Error& error) {
    std::string message = error.message();
    for (const std::string& context : error.context()) message += " | " + context;
    return {true, error.fault(), message, error.hint()};
  }
}

Outcome verify(std::string_view bytes) {
  return outcome_of([&] {
    verify_bytes(bytes_in_memory(bytes), "it", {.threads = 1, .stored_first = true, .progress = {}});
  });
}

Outcome read_through(const std::string& path) {
  return outcome_of([&] {
    auto source = read_archive(path);
    while (auto item = source->next())
      if (auto* pending = std::get_if<0>(&*item)) (*pending)->decode();
  });
}

Outcome read_through_bytes(const std::string& bytes) {
  TemporaryDirectory directory;
  write_file(directory / "a", bytes);
  return read_through(directory / "a");
}

void expect(const Outcome& outcome, Fault fault, std::string_view words) {
  EXPECT_TRUE(outcome.refused);
  EXPECT_EQ(outcome.fault, fault) << outcome.message;
  EXPECT_NE(outcome.message.find(words), std::string::npos) << outcome.message;
}

// A sanitizer makes the exhaustive tests a hundred times slower: they then take a sample.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t step = 211;
#elif defined(__OPTIMIZE__)
constexpr std::size_t step = 1;
#else
constexpr std::size_t step = 23;
#endif

TEST(Damage, EverySingleFlippedBitIsFound) {
  const std::string archive = small_archive(11, 5, 9, 420);
  ASSERT_GT(archive.size(), 200000u);
  ASSERT_FALSE(verify(archive).refused);
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next = 0, missed = 0, tried = 0;
  std::vector<std::jthread> workers;
  for (unsigned t = 0; t < threads; ++t)
    workers.emplace_back([&] {
      std::string copy = archive;
      constexpr std::size_t batch = 4096;
      for (std::size_t from; (from = next.fetch_add(batch)) < archive.size() * 8;)
        for (std::size_t bit = from; bit < std::min(from + batch, archive.size() * 8); bit += step) {
          char mask = static_cast<char>(1u << bit % 8);
          copy[bit / 8] = static_cast<char>(copy[bit / 8] ^ mask);
          if (!verify(copy).refused) ++missed;
          copy[bit / 8] = static_cast<char>(copy[bit / 8] ^ mask);
          ++tried;
        }
    });
  workers.clear();
  EXPECT_EQ(missed, 0u) << "of " << tried << " flips";
  RecordProperty("flips", std::to_string(tried));
  std::printf("%zu bits of %zu bytes flipped one by one, each found\n", tried.load(), archive.size());
}

TEST(Damage, EveryEarlyEndIsReportedAsSuch) {
  const std::string archive = small_archive(12, 3, 2, 20);
  TemporaryDirectory directory;
  for (std::size_t size = 0; size < archive.size(); size += step) {
    std::string_view part(archive.data(), size);
    Outcome outcome = verify(part);
    ASSERT_TRUE(outcome.refused && outcome.fault == Fault::incomplete) << size << ": " << outcome.message;
    if (size % 16 != 0) continue;
    write_file(directory / "a", part);
    outcome = read_through(directory / "a");
    ASSERT_TRUE(outcome.refused && outcome.fault == Fault::incomplete) << size << ": " << outcome.message;
    outcome = outcome_of([&] { open_archive(directory / "a"); });
    ASSERT_TRUE(outcome.refused && outcome.fault == Fault::incomplete) << size << ": " << outcome.message;
  }
}

TEST(Damage, AnEarlyEndTellsWhatIsThereAndAScanFindsIt) {
  TemporaryDirectory directory;
  std::string archive = small_archive(13, 3, 2, 20);
  std::vector<Block> blocks = blocks_of(archive);
  std::uint64_t rows = 0;
  for (const Block& block : blocks) rows += block.header.rows;
  // Within the last chunk: its relation is not whole.
  const Block* last = nullptr;
  for (const Block& block : blocks)
    if (block.type() == BlockType::chunk) last = &block;
  ASSERT_TRUE(last);
  write_file(directory / "a", std::string_view(archive).substr(0, last->payload() + 5));
  Outcome outcome = outcome_of([&] { verify_archive(directory / "a", 1, {}); });
  expect(outcome, Fault::incomplete, "5 chunks with 100 rows");
  EXPECT_NE(outcome.message.find("of public.t3"), std::string::npos) << outcome.message;
  expect(outcome_of([&] { read_overview(directory / "a", false); }), Fault::incomplete, "no footer");
  Overview overview = read_overview(directory / "a", true);
  EXPECT_FALSE(overview.complete);
  EXPECT_EQ(overview.totals.rows, 100u);
  EXPECT_EQ(overview.totals.relations.size(), 2u);
  ASSERT_EQ(overview.unfinished.size(), 1u);
  EXPECT_EQ(overview.unfinished[0].rows, 20u);
}

TEST(Damage, BytesAfterTheFooterAreFound) {
  std::string archive = small_archive(14, 1, 1, 9) + "x";
  expect(verify(archive), Fault::damaged, "bytes after its footer");
  expect(read_through_bytes(archive), Fault::damaged, "bytes after its footer");
}

TEST(Damage, AFlippedBitInAChunkIsNamedByTheReader) {
  std::string archive = small_archive(15, 2, 3, 200);
  for (const Block& block : blocks_of(archive)) {
    if (block.type() != BlockType::chunk) continue;
    std::string bad = archive;
    bad[block.payload() + block.header.stored_bytes / 2] ^= 1;
    auto name = "chunk " + std::to_string(block.header.number) + " of public.t" +
                std::to_string(block.header.relation) + " at offset " + std::to_string(block.offset);
    expect(read_through_bytes(bad), Fault::damaged, name);
    expect(verify(bad), Fault::damaged, name);
  }
}

// The first two chunks of the first relation, as they stand in a file with all blocks stored alike.
class TwoChunks : public testing::Test {
 protected:
  void SetUp() override {
    for (const Block& block : blocks_of(archive))
      if (block.type() == BlockType::chunk && block.header.relation == 1) chunks.push_back(block);
    ASSERT_EQ(chunks.size(), 2u);
  }
  std::string_view whole(const std::string& bytes, const Block& block) {
    return std::string_view(bytes).substr(block.offset, sizeof(BlockHeader) + block.header.stored_bytes);
  }
  // Puts a block into the place of others, and all that follows where it then is, with checksums that fit.
  std::string replaced(const Block& first, const Block& last, const std::string& middle) {
    std::string result = archive.substr(0, first.offset) + middle + archive.substr(last.end());
    for (const Block& block : blocks_of(result))
      if (std::string_view(block.header.magic, 4) == "PHBK") reseal(result, block.offset);
    return result;
  }
  std::string archive = small_archive(16, 2, 2, 200, 0);
  std::vector<Block> chunks;
};

TEST_F(TwoChunks, SwappedPayloadsAreFound) {
  std::string bad = archive;
  auto size = std::min(chunks[0].header.stored_bytes, chunks[1].header.stored_bytes);
  std::swap_ranges(bad.begin() + static_cast<long>(chunks[0].payload()),
                   bad.begin() + static_cast<long>(chunks[0].payload() + size),
                   bad.begin() + static_cast<long>(chunks[1].payload()));
  expect(verify(bad), Fault::damaged, "chunk");
  expect(read_through_bytes(bad), Fault::damaged, "chunk");
}

TEST_F(TwoChunks, SwappedBlocksAreFound) {
  std::string both(whole(archive, chunks[1]));
  both += whole(archive, chunks[0]);
  std::string bad = archive;
  bad.replace(chunks[0].offset, both.size(), both);
  expect(verify(bad), Fault::damaged, "does not match its checksum");
  expect(read_through_bytes(bad), Fault::damaged, "does not match its checksum");
  // Even with headers that fit their new places, the index knows better.
  std::string resealed = replaced(chunks[0], chunks[1], both);
  expect(verify(resealed), Fault::damaged, "index");
}

TEST_F(TwoChunks, AChunkUnderAnothersNameIsFound) {
  std::string bad = archive;
  bad[chunks[0].offset + offsetof(BlockHeader, relation)] = 2;
  reseal(bad, chunks[0].offset);
  expect(verify(bad), Fault::damaged, "");
  expect(read_through_bytes(bad), Fault::damaged, "");
}

TEST_F(TwoChunks, AChunkOfAnotherArchiveIsFound) {
  std::string other = small_archive(16, 2, 2, 200, 0);  // the same rows, another uuid
  ASSERT_NE(to_string(uuid_of(other)), to_string(uuid_of(archive)));
  std::vector<Block> others;
  for (const Block& block : blocks_of(other))
    if (block.type() == BlockType::chunk && block.header.relation == 1 &&
        block.header.number == chunks[0].header.number)
      others.push_back(block);
  ASSERT_EQ(others.size(), 1u);
  std::string bad = archive;
  bad.replace(chunks[0].offset, whole(archive, chunks[0]).size(), whole(other, others[0]));
  expect(verify(bad), Fault::damaged, "does not match its checksum");
  // Even under a header of this archive, its payload belongs to the other.
  reseal(bad, chunks[0].offset);
  expect(verify(bad), Fault::damaged, "stored bytes do not match");
  expect(read_through_bytes(bad), Fault::damaged, "stored bytes do not match");
}

TEST_F(TwoChunks, AnIdenticalRepetitionCountsOnce) {
  std::string twice(whole(archive, chunks[0]));
  twice += whole(archive, chunks[0]);
  twice += whole(archive, chunks[1]);
  std::string repeated = replaced(chunks[0], chunks[1], twice);
  // The index and the footer stand elsewhere now, and the reader says so at the end; up to there each chunk
  // came once.
  TemporaryDirectory directory;
  write_file(directory / "a", repeated);
  auto source = read_archive(directory / "a");
  unsigned count = 0;
  Outcome outcome = outcome_of([&] {
    while (auto item = source->next()) count += std::holds_alternative<std::unique_ptr<PendingChunk>>(*item);
  });
  EXPECT_EQ(count, 4u);
  expect(outcome, Fault::damaged, "index");
}

TEST_F(TwoChunks, ADifferingRepetitionIsFound) {
  Block second = chunks[1];
  std::string changed(whole(archive, second));
  // Chunk 1's rows once more, correctly sealed as chunk 0.
  BlockHeader header = make_header(uuid_of(archive), BlockType::chunk, 1, chunks[0].header.number,
                                   std::string_view(changed).substr(sizeof header),
                                   std::string_view(changed).substr(sizeof header));
  header.copy_format = second.header.copy_format, header.rows = second.header.rows;
  header.digest_low = second.header.digest_low, header.digest_high = second.header.digest_high;
  std::memcpy(changed.data(), &header, sizeof header);
  std::string three(whole(archive, chunks[0]));
  three += changed;
  three += whole(archive, second);
  expect(verify(replaced(chunks[0], chunks[1], three)), Fault::damaged, "comes twice, with different rows");
}

TEST_F(TwoChunks, AMissingChunkIsFound) {
  std::string bad = replaced(chunks[0], chunks[1], std::string(whole(archive, chunks[1])));
  expect(verify(bad), Fault::damaged, "public.t1");
  expect(read_through_bytes(bad), Fault::damaged, "public.t1");
}

TEST_F(TwoChunks, WrongRowCountsAndDigestsAreFoundByVerify) {
  for (std::size_t field : {offsetof(BlockHeader, rows), offsetof(BlockHeader, digest_low)}) {
    std::string bad = archive;
    bad[chunks[0].offset + field] ^= 1;
    reseal(bad, chunks[0].offset);
    expect(verify(bad), Fault::damaged, "public.t1");
  }
}

// Gives a changed file header checksums that fit.
std::string with_header(std::string archive,
                        const std::function<void(layout::FileHeader&, std::string&)>& change) {
  layout::FileHeader header;
  std::memcpy(&header, archive.data(), sizeof header);
  std::string table = archive.substr(sizeof header, header.header_bytes - sizeof header);
  change(header, table);
  header.capabilities_checksum = hash64(table, 0);
  header.checksum = hash64(bytes_of(header).substr(0, offsetof(layout::FileHeader, checksum)), 0);
  return std::string(bytes_of(header)) + table + archive.substr(sizeof header + table.size());
}

TEST(Header, AnUnknownRequiredCapabilityIsRefusedByName) {
  auto change = [](layout::FileHeader&, std::string& table) { table.replace(0, 9, "teleport\0", 9); };
  Outcome outcome = verify(with_header(small_archive(1, 1, 1, 5), change));
  expect(outcome, Fault::unsupported, "\"teleport\"");
  EXPECT_FALSE(outcome.hint.empty());
}

TEST(Header, AnUnknownOptionalCapabilityIsPassedOverWithAWarning) {
  auto change = [](layout::FileHeader&, std::string& table) {
    table.replace(sizeof(layout::Capability), 10, "row-colour", 10);
  };
  TemporaryDirectory directory;
  write_file(directory / "a", with_header(small_archive(1, 1, 1, 5), change));
  Overview overview = verify_archive(directory / "a", 1, {});
  ASSERT_EQ(overview.inventory.warnings.size(), 1u);
  EXPECT_NE(overview.inventory.warnings[0].find("row-colour"), std::string::npos);
}

TEST(Header, ANewerMajorVersionIsRefusedAndANewerMinorOneIsRead) {
  std::string archive = small_archive(1, 1, 1, 5);
  expect(verify(with_header(archive,
                            [](auto& header, auto&) { header.format_major = 2, header.reader_major = 2; })),
         Fault::unsupported, "format 2.0");
  expect(verify(with_header(archive, [](auto& header, auto&) { header.reader_minor = 9; })),
         Fault::unsupported, "format");
  EXPECT_FALSE(verify(with_header(archive, [](auto& header, auto&) { header.format_minor = 9; })).refused);
}

TEST(Header, ABlockOfALaterVersionIsSkippedOnlyIfItSaysSo) {
  std::string archive = small_archive(1, 1, 1, 5);
  Uuid uuid = uuid_of(archive);
  for (bool skippable : {true, false}) {
    std::string added = archive.substr(0, blocks_of(archive)[1].offset);
    BlockHeader header = make_header(uuid, static_cast<BlockType>(77), 0, 0, "later", "later");
    header.codec = 0, header.flags = skippable ? layout::flag_skippable : 0;
    seal(header, uuid, added.size());
    added += std::string(bytes_of(header)) + "later";
    Outcome outcome = verify(added);  // without what follows: it ends early, after the block was passed
    expect(outcome, skippable ? Fault::incomplete : Fault::damaged,
           skippable ? "before its footer" : "type is unknown");
  }
}

TEST(Header, WhatIsNoArchiveIsNamed) {
  expect(verify(std::string(100000, '\0')), Fault::unsupported, "not a pghaul archive");
  expect(verify("hello"), Fault::unsupported, "not a pghaul archive");
  expect(verify(""), Fault::incomplete, "is empty");
  EXPECT_NE(verify("PGDMP\1\20").hint.find("pg_restore"), std::string::npos);
  std::string archive = small_archive(1, 1, 1, 5);
  std::string converted = archive;
  converted.replace(7, 2, "\n");  // CR LF to LF
  expect(verify(converted), Fault::damaged, "first bytes were changed");
}

TEST(Header, ZeroedBlocksAreFound) {
  std::string archive = small_archive(1, 2, 2, 50);
  for (const Block& block : blocks_of(archive)) {
    std::string bad = archive;
    bad.replace(block.offset, 96, std::string(96, '\0'));
    expect(verify(bad), Fault::damaged, "");
  }
}

TEST(Header, AnAnnouncedSizeCostsNoMemoryBeforeItsBytesCome) {
  std::string archive = small_archive(1, 1, 1, 50);
  Block block;
  for (const Block& each : blocks_of(archive))
    if (each.type() == BlockType::chunk) block = each;
  std::string bad = archive.substr(0, block.payload());
  block.header.codec = 0, block.header.raw_bytes = block.header.stored_bytes = layout::max_raw_bytes;
  std::memcpy(bad.data() + block.offset, &block.header, sizeof block.header);
  reseal(bad, block.offset);
  expect(read_through_bytes(bad), Fault::incomplete, "within chunk 0");
  block.header.raw_bytes = block.header.stored_bytes = layout::max_raw_bytes + 1;
  std::memcpy(bad.data() + block.offset, &block.header, sizeof block.header);
  reseal(bad, block.offset);
  expect(read_through_bytes(bad), Fault::damaged, "over the limit");
}

}  // namespace
}  // namespace pghaul::format::test
