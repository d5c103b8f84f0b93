// The account of a stream: which chunks of which relation went by, and what they add up to. The writer holds
// it against its caller, every reader against the archive. Not thread-safe. Internal to the module.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "format/layout.h"
#include "format/stream.h"

namespace pghaul::format {

struct ChunkFacts {
  model::EntryId relation = 0;
  std::uint32_t number = 0;
  model::CopyFormat format = model::CopyFormat::text;
  std::uint64_t rows = 0, raw_bytes = 0;
  Digest digest;
  Digest checksum;  // of the raw bytes; zero where it is not known
  std::uint64_t offset = 0, stored_bytes = 0;
};

struct Index {
  std::vector<layout::RelationRecord> relations;  // in the order in which they ended
  std::vector<layout::ChunkRecord> chunks;        // by relation and number
};

// About 100 bytes a chunk. Every contradiction throws Error(fault), naming the relation.
class Tally {
 public:
  Tally(const model::Inventory& inventory, Fault fault);

  // False: an identical chunk was there before, and this one does not count.
  bool add(const ChunkFacts& chunk);
  bool has(model::EntryId relation, std::uint32_t number) const;
  // Where the writer put a chunk that it had added.
  void place(model::EntryId relation, std::uint32_t number, std::uint64_t offset, std::uint64_t stored_bytes);
  void end(const RelationEnd& end);
  void check_all_ended() const;
  // The order of the ends in the stream, where it is not that of the end() calls: every ended relation, once.
  void order_ends(const std::vector<model::EntryId>& order);

  const Totals& totals() const { return totals_; }  // rows, bytes and chunks count what came, ended or not
  std::vector<RelationEnd> unfinished() const;      // sums of the chunks of relations that did not end
  Index index() const;
  const std::string& name(model::EntryId relation) const;  // schema.name, harmless to print

 private:
  struct Mark {
    std::uint64_t offset, rows, raw_bytes, stored_bytes;
    Digest digest, checksum;
  };
  struct Relation {
    std::string name;
    bool ended = false;
    RelationEnd sums;
    std::uint32_t highest = 0;
    std::unordered_map<std::uint32_t, Mark> chunks;
  };
  Relation& relation(model::EntryId id);
  [[noreturn]] void fail(const Relation& relation, std::string_view why) const;

  Fault fault_;
  std::unordered_map<model::EntryId, Relation> relations_;
  Totals totals_;
};

std::string encode_index(const Index& index);
// For bytes of any origin; Error(damaged).
Index decode_index(ByteView bytes);
bool operator==(const Index& a, const Index& b);

}  // namespace pghaul::format
