// The archive stream, where dump and restore meet: a catalog first, then chunks and relation ends, then totals. The same
// two interfaces stand before a file, a pipe and an in-memory channel.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "format/chunk.h"
#include "model/inventory.h"

namespace pghaul::format {

using ChunkPtr = std::shared_ptr<const Chunk>;
using InventoryPtr = std::shared_ptr<const model::Inventory>;  // shared, not copied: that of many tables is large

// What a stream holds, told at its end.
struct Totals {
  std::vector<RelationEnd> relations;  // in the order in which they ended
  std::uint64_t rows = 0, raw_bytes = 0, chunks = 0;
  std::uint64_t stored_bytes = 0;  // of the whole archive; 0 for a channel
};

// Where a dump puts what it reads. begin() once, then put() and end_relation() from any number of threads, then finish()
// once when all of them are done; or fail() at any time, from any thread, after which every call throws that exception.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void begin(InventoryPtr inventory) = 0;
  void begin(model::Inventory inventory) { begin(std::make_shared<const model::Inventory>(std::move(inventory))); }
  virtual void put(ChunkPtr chunk) = 0;  // waits while the sink has enough to do: memory is bounded
  virtual void end_relation(const RelationEnd& end) = 0;  // after all of the relation's chunks were put
  virtual Totals finish() = 0;           // returns when everything is where it should be, synced
  virtual void fail(std::exception_ptr failure) noexcept = 0;
};

// A chunk as it left the stream, still compressed or not: decode() is the costly part and may run in any thread.
class PendingChunk {
 public:
  virtual ~PendingChunk() = default;
  virtual ChunkPtr decode() = 0;  // checks every checksum; Error(damaged) names relation and chunk. Called once
  model::EntryId relation = 0;
  std::uint32_t number = 0;
  std::uint64_t raw_bytes = 0, rows = 0;
};

using Item = std::variant<std::unique_ptr<PendingChunk>, RelationEnd>;

// Where a restore takes it from.
class Source {
 public:
  virtual ~Source() = default;
  // Waits for the catalog. The reference stays valid while the source lives.
  virtual const model::Inventory& inventory() = 0;
  // The same for someone who puts another one before the stream: a file's is handed over, and inventory() is empty from then on.
  virtual model::Inventory take_inventory() { return inventory(); }
  // The next item in stream order; nullopt once, after the end has been reached and found whole (footer, totals).
  // Any thread, one at a time is served. A repeated chunk is skipped if it is identical, an error if not.
  virtual std::optional<Item> next() = 0;
  virtual const Totals& totals() const = 0;  // after next() returned nullopt
  virtual void fail(std::exception_ptr failure) noexcept = 0;  // wakes whoever waits
};

}  // namespace pghaul::format
