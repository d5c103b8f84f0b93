// What the archive tests share: random inventories and rows from a seed, small archives in files and in
// memory, and a directory of their own that goes away.
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "format/archive.h"
#include "format/block.h"

namespace pghaul::format::test {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

using Random = std::mt19937_64;

// Every field filled, with control characters, quotes, UTF-8 and empty strings among them.
model::Inventory random_inventory(Random& random, unsigned entries);
// Data entries only: public.t1, public.t2...
model::Inventory tables(unsigned count);

Chunk make_chunk(model::EntryId relation, std::uint32_t number, std::string_view raw,
                 model::CopyFormat format);
Chunk random_chunk(Random& random, model::EntryId relation, std::uint32_t number, model::CopyFormat format,
                   unsigned rows);

// What a dump of one relation sends: chunks, in any order, and their sum.
struct Relation {
  std::vector<ChunkPtr> chunks;
  RelationEnd end;
};
Relation make_relation(std::vector<Chunk> chunks, model::EntryId id, model::CopyFormat format);
Relation random_relation(Random& random, model::EntryId id, model::CopyFormat format, unsigned chunks,
                         unsigned rows_a_chunk);

// Sends everything and finishes.
Totals send(Sink& sink, const model::Inventory& inventory, const std::vector<Relation>& relations);

std::string read_file(const std::string& path);
void write_file(const std::string& path, std::string_view bytes);

// The bytes of an archive of the given tables with about that many rows a chunk.
std::string small_archive(std::uint64_t seed, unsigned relations, unsigned chunks, unsigned rows_a_chunk,
                          int level = 1);

// The blocks of an archive that is whole, in file order.
std::vector<Block> blocks_of(const std::string& archive);
Uuid uuid_of(const std::string& archive);
// Gives the header at this offset a checksum that fits it.
void reseal(std::string& archive, std::uint64_t offset);

}  // namespace pghaul::format::test
