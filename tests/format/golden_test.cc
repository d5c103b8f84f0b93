// The golden archive of format version 1 stays readable forever, and a reader that was written from
// docs/FORMAT.md alone agrees with ours. PGHAUL_WRITE_GOLDEN=FILE writes a new one, for a new format version.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "fixture.h"

namespace pghaul::format::test {
namespace {

using model::CopyFormat;

const std::string tests = FORMAT_TESTS_DIR;

std::string listing(const Overview& overview) {
  std::string text;
  for (const RelationEnd& end : overview.totals.relations) {
    const model::Entry& entry = overview.inventory.at(end.relation);
    text += entry.schema + "." + entry.name + "\t" + std::to_string(end.rows) + "\t" +
            std::to_string(end.raw_bytes) + "\t" + to_hex(end.digest) + "\n";
  }
  return text;
}

struct Outcome {
  int status;
  std::string out;
};
Outcome run(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  std::string out;
  std::array<char, 4096> buffer;
  while (std::size_t got = fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), got);
  int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, out};
}

class PythonReader : public testing::Test {
 protected:
  void SetUp() override {
    if (run(PYTHON3 " -c 'import zstandard, xxhash' 2>&1").status != 0)
      GTEST_SKIP() << "python3-zstandard or python3-xxhash is not installed";
  }
  Outcome read(const std::string& path) { return run(PYTHON3 " " + tests + "/reader.py " + path + " 2>&1"); }
  TemporaryDirectory directory;
};

void write_golden(const std::string& path) {
  Random random(42);
  model::Inventory inventory = random_inventory(random, 4);
  for (const model::Entry& entry : tables(3).entries) {
    model::Entry added = entry;
    added.id += 4;
    inventory.entries.push_back(added);
  }
  std::vector<Relation> sent = {random_relation(random, 5, CopyFormat::text, 2, 40),
                                random_relation(random, 6, CopyFormat::binary, 1, 30),
                                random_relation(random, 7, CopyFormat::text, 0, 0)};
  send(*write_archive(path, {.level = 1, .compressors = 1, .force = true}), inventory, sent);
}

TEST(Golden, ArchiveOfVersion1GivesTheSameRowsForever) {
  if (const char* path = getenv("PGHAUL_WRITE_GOLDEN")) write_golden(path);
  Overview overview = verify_archive(tests + "/golden/v1.pghaul", 1, {});
  EXPECT_EQ(overview.format_major, 1);
  EXPECT_EQ(overview.inventory.entries.size(), 7u);
  EXPECT_EQ(listing(overview), read_file(tests + "/golden/v1.expected"));
}

TEST_F(PythonReader, AgreesOnTheGoldenArchive) {
  Outcome result = read(tests + "/golden/v1.pghaul");
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, read_file(tests + "/golden/v1.expected"));
}

TEST_F(PythonReader, AgreesOnRandomArchives) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    write_file(directory / "a", small_archive(seed, 4, 3, 200, static_cast<int>(seed % 3)));
    Outcome result = read(directory / "a");
    EXPECT_EQ(result.status, 0) << result.out;
    EXPECT_EQ(result.out, listing(read_overview(directory / "a", false)));
  }
}

TEST_F(PythonReader, EndsWith5OnDamage) {
  std::string archive = small_archive(3, 2, 2, 50);
  for (std::size_t at :
       {std::size_t{20}, archive.size() / 3, archive.size() / 2, archive.size() - 120, archive.size() - 3}) {
    std::string bad = archive;
    bad[at] ^= 4;
    write_file(directory / "a", bad);
    EXPECT_EQ(read(directory / "a").status, 5) << at;
  }
  write_file(directory / "a", archive.substr(0, archive.size() - 50));
  EXPECT_EQ(read(directory / "a").status, 5);
}

}  // namespace
}  // namespace pghaul::format::test
