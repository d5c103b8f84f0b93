// Archives: the stream in a file or a pipe. docs/FORMAT.md specifies the bytes; layout.h has them as structs.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "format/stream.h"

namespace pghaul::format {

using Uuid = std::array<std::uint8_t, 16>;
std::string to_string(const Uuid& uuid);

struct WriteOptions {
  int level = 2;               // of zstd; 0: stored as they are
  unsigned compressors = 2;    // threads
  bool force = false;          // replace an existing file
};

// Writes to PATH + ".partial" beside the target, synced and renamed by finish(); an archive that was not finished is removed by
// the destructor. "-" writes to standard output. A failed write (disk full, closed pipe) breaks the sink for good.
// Memory: at most (2 * compressors + 2) chunks, raw and stored.
std::unique_ptr<Sink> write_archive(const std::string& path, const WriteOptions& options);

// The header, catalog and index of an archive, without its rows.
struct Overview {
  Uuid uuid{};
  int format_major = 0, format_minor = 0;
  std::vector<std::string> capabilities;
  std::uint64_t file_bytes = 0, catalog_bytes = 0;
  model::Inventory inventory;
  Totals totals;
  bool complete = true;        // false: no footer; totals are rebuilt by scanning what is there
  std::vector<RelationEnd> unfinished;  // of an incomplete archive: what is there of relations whose end is missing
  std::int64_t created_us = 0;          // microseconds since 1970-01-01 UTC, of the writer's clock
};

// In stream order; "-" reads standard input. An optional capability that is not known is added to the inventory's warnings. Errors: not an archive, newer format, an unknown required capability
// (Fault::unsupported); damage (Fault::damaged, with relation, chunk and offset); an early end (Fault::incomplete).
std::unique_ptr<Source> read_archive(const std::string& path);

// A file only. With scan: when the footer is missing, rebuilds the totals from the blocks instead of failing.
Overview read_overview(const std::string& path, bool scan);

// Reads a file whole, with `threads`, and checks every checksum, every row digest, counts and totals.
// progress gets the raw bytes done so far, from any thread.
Overview verify_archive(const std::string& path, unsigned threads, const std::function<void(std::uint64_t)>& progress);

// Random access by relation: for a restore that loads tables in an order of its own, from several threads.
class ArchiveFile {
 public:
  virtual ~ArchiveFile() = default;
  virtual const model::Inventory& inventory() const = 0;
  virtual model::Inventory take_inventory() = 0;  // for good
  virtual const Totals& totals() const = 0;
  // The chunks of a relation, in number order. Empty when it has none.
  virtual std::vector<std::unique_ptr<PendingChunk>> chunks(model::EntryId relation) = 0;
};
std::unique_ptr<ArchiveFile> open_archive(const std::string& path);  // footer and index are required

}  // namespace pghaul::format
