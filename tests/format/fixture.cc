#include "fixture.h"

#include <stdlib.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "format/rows.h"

namespace pghaul::format::test {
namespace {

using namespace model;

unsigned below(Random& random, unsigned limit) {
  return static_cast<unsigned>(random() % limit);
}
bool coin(Random& random) {
  return random() & 1;
}

std::string random_text(Random& random, unsigned limit = 24) {
  static const std::string pieces[] = {
      "a", "orders", "\"", "'", "\n", "\\", "ü", "表", "\x01", std::string(1, '\0'), " ", ".", "$$"};
  std::string text;
  for (unsigned n = below(random, limit); n > 0; --n) text += pieces[random() % std::size(pieces)];
  return text;
}

template <typename Make>
auto some(Random& random, Make make) {
  std::vector<decltype(make())> values;
  for (unsigned n = below(random, 4); n > 0; --n) values.push_back(make());
  return values;
}

Acl random_acl(Random& random) {
  auto text = [&] { return random_text(random); };
  auto item = [&] { return AclItem{text(), text(), text(), text()}; };
  return {text(), text(), text(), text(), some(random, item), some(random, item)};
}

DataSpec random_data(Random& random) {
  DataSpec data;
  data.load = coin(random) ? DataSpec::Load::copy : DataSpec::Load::large_objects;
  data.format = coin(random) ? CopyFormat::text : CopyFormat::binary;
  data.binary_allowed = coin(random), data.can_split = coin(random);
  data.source = random_text(random), data.target = random_text(random), data.relation = random_text(random);
  data.column_list = random_text(random);
  data.bytes = random(), data.rows = random(), data.pages = random();
  data.condition = random_text(random);
  return data;
}

Entry random_entry(Random& random, EntryId id, unsigned count) {
  auto text = [&] { return random_text(random); };
  Entry entry;
  entry.id = id;
  do entry.kind = static_cast<Kind>(1 + below(random, 93));
  while (!is_known_kind(static_cast<std::uint16_t>(entry.kind)));
  entry.section = static_cast<Section>(1 + below(random, 3));
  entry.late = coin(random), entry.alone = coin(random);
  entry.schema = text(), entry.name = text(), entry.parent = below(random, count + 1);
  entry.create_sql = random_text(random, 400), entry.drop_sql = text();
  if (id > 1) entry.depends_on = some(random, [&] { return EntryId{1 + below(random, id - 1)}; });
  entry.locks = some(random, [&] {
    return Lock{below(random, count + 1), static_cast<LockMode>(1 + below(random, 8))};
  });
  entry.size = random();
  entry.owner = text(), entry.owner_objects = some(random, text);
  entry.tablespace = text(), entry.access_method = text();
  entry.acls = some(random, [&] { return random_acl(random); });
  entry.comments = some(random, [&] { return Comment{text(), text()}; });
  entry.labels = some(random, [&] { return SecurityLabel{text(), text(), text()}; });
  entry.extras = some(random, [&] {
    return Extra{static_cast<Extra::Policy>(1 + below(random, 5)), text()};
  });
  entry.requires_on_target = some(random, [&] {
    return Requirement{static_cast<Requirement::What>(1 + below(random, 7)), text(), text(),
                       static_cast<int>(below(random, 20)), static_cast<int>(below(random, 20))};
  });
  if (coin(random)) entry.data = random_data(random);
  entry.inherits = some(random, [&] { return EntryId{1 + below(random, count)}; });
  entry.unlogged = coin(random);
  if (coin(random)) entry.two_steps = TwoSteps{"CREATE INDEX " + text(), text()};
  entry.sort_bytes = random();
  return entry;
}

void put_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes));
}

std::string random_row(Random& random, CopyFormat format) {
  std::string row;
  if (format == CopyFormat::text) {
    row = std::to_string(random() % 100000) + "\t" + std::string(below(random, 60), 'x') + "\tname " +
          std::to_string(random() % 997) + "\n";
    return below(random, 50) == 0 ? "\n" : row;
  }
  unsigned fields = below(random, 4);
  put_big_endian(row, fields, 2);
  for (unsigned i = 0; i < fields; ++i) {
    if (below(random, 5) == 0) {
      put_big_endian(row, UINT32_MAX, 4);
      continue;
    }
    unsigned length = below(random, 40);
    put_big_endian(row, length, 4);
    for (unsigned j = 0; j < length; ++j) row += static_cast<char>(random() % 11);
  }
  return row;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "pghaul-format-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}
TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Inventory random_inventory(Random& random, unsigned entries) {
  auto text = [&] { return random_text(random); };
  Inventory inventory;
  Origin& origin = inventory.origin;
  origin.server_version = static_cast<int>(below(random, 200000)), origin.server_version_text = text();
  origin.database = text(), origin.encoding = text(), origin.collate = text(), origin.ctype = text();
  origin.locale_provider = text(), origin.snapshot = text();
  origin.snapshot_time_us = static_cast<std::int64_t>(random()), origin.block_size = below(random, 65536);
  origin.search_path = some(random, text), origin.partial = coin(random);
  inventory.warnings = some(random, text);
  for (EntryId id = 1; id <= entries; ++id) inventory.entries.push_back(random_entry(random, id, entries));
  return inventory;
}

Inventory tables(unsigned count) {
  Inventory inventory;
  inventory.origin.server_version = 160014, inventory.origin.encoding = "UTF8",
  inventory.origin.database = "sample";
  for (EntryId id = 1; id <= count; ++id) {
    Entry entry;
    entry.id = id, entry.kind = Kind::table_data, entry.section = Section::data;
    entry.schema = "public", entry.name = "t" + std::to_string(id);
    entry.data.emplace().relation = "public." + entry.name;
    inventory.entries.push_back(entry);
  }
  return inventory;
}

Chunk make_chunk(EntryId relation, std::uint32_t number, std::string_view raw, CopyFormat format) {
  Chunk chunk;
  chunk.relation = relation, chunk.number = number, chunk.format = format;
  chunk.raw.append(raw);
  RowSums sums = sum_rows(chunk.raw.view(), format);
  chunk.rows = sums.rows, chunk.digest = sums.digest;
  return chunk;
}

Chunk random_chunk(Random& random, EntryId relation, std::uint32_t number, CopyFormat format, unsigned rows) {
  std::string raw;
  for (unsigned i = 0; i < rows; ++i) raw += random_row(random, format);
  return make_chunk(relation, number, raw, format);
}

Relation make_relation(std::vector<Chunk> chunks, EntryId id, CopyFormat format) {
  Relation relation;
  relation.end.relation = id, relation.end.format = format;
  for (Chunk& chunk : chunks) {
    ++relation.end.chunks, relation.end.rows += chunk.rows, relation.end.raw_bytes += chunk.raw.size();
    relation.end.digest += chunk.digest;
    relation.chunks.push_back(std::make_shared<Chunk>(std::move(chunk)));
  }
  return relation;
}

Relation random_relation(Random& random, EntryId id, CopyFormat format, unsigned chunks,
                         unsigned rows_a_chunk) {
  std::vector<Chunk> made;
  for (unsigned i = 0; i < chunks; ++i) made.push_back(random_chunk(random, id, i, format, rows_a_chunk));
  std::shuffle(made.begin(), made.end(), random);
  return make_relation(std::move(made), id, format);
}

Totals send(Sink& sink, const Inventory& inventory, const std::vector<Relation>& relations) {
  sink.begin(inventory);
  for (const Relation& relation : relations) {
    for (const ChunkPtr& chunk : relation.chunks) sink.put(chunk);
    sink.end_relation(relation.end);
  }
  return sink.finish();
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string small_archive(std::uint64_t seed, unsigned relations, unsigned chunks, unsigned rows_a_chunk,
                          int level) {
  TemporaryDirectory directory;
  Random random(seed);
  std::vector<Relation> sent;
  for (EntryId id = 1; id <= relations; ++id)
    sent.push_back(
        random_relation(random, id, id % 2 ? CopyFormat::text : CopyFormat::binary, chunks, rows_a_chunk));
  send(*write_archive(directory / "a", {.level = level, .compressors = 1}), tables(relations), sent);
  return read_file(directory / "a");
}

std::vector<Block> blocks_of(const std::string& archive) {
  layout::FileHeader head;
  std::memcpy(&head, archive.data(), sizeof head);
  std::vector<Block> blocks;
  for (std::uint64_t at = head.header_bytes; at + sizeof(layout::Footer) < archive.size();) {
    Block block;
    std::memcpy(&block.header, archive.data() + at, sizeof block.header);
    block.offset = at;
    blocks.push_back(block);
    at = block.end();
  }
  return blocks;
}

Uuid uuid_of(const std::string& archive) {
  Uuid uuid;
  std::memcpy(uuid.data(), archive.data() + offsetof(layout::FileHeader, uuid), uuid.size());
  return uuid;
}

void reseal(std::string& archive, std::uint64_t offset) {
  BlockHeader header;
  std::memcpy(&header, archive.data() + offset, sizeof header);
  seal(header, uuid_of(archive), offset);
  std::memcpy(archive.data() + offset, &header, sizeof header);
}

}  // namespace pghaul::format::test
