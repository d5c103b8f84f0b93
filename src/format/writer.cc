// The archive writer: chunks are compressed in parallel and appended in whatever order they get ready; a
// relation's end follows the last of its chunks. Two locks: mutex_ guards the account, output_mutex_ the
// file. They are never held together.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <random>
#include <type_traits>
#include <unordered_map>

#include "base/queue.h"
#include "base/workers.h"
#include "format/block.h"
#include "format/capability.h"
#include "format/catalog_coding.h"
#include "format/file.h"
#include "format/tally.h"

namespace pghaul::format {
namespace {

Uuid random_uuid() {
  std::random_device device;
  Uuid uuid;
  for (std::size_t i = 0; i < uuid.size(); ++i) uuid[i] = static_cast<std::uint8_t>(device());
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | 0x40);  // version 4, RFC 4122
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);
  return uuid;
}

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Kept between chunks unless one outsized row made it huge.
constexpr std::size_t keep_buffer_bytes = std::size_t{64} << 20;

class ArchiveSink final : public Sink {
 public:
  ArchiveSink(const std::string& path, const WriteOptions& options)
      : options_(options),
        output_(path, options.force),
        queue_(std::max(options.compressors, 1u) + 2),
        workers_([this](std::exception_ptr failure) { fail(failure); }) {
    check_level(options.level);
  }
  ~ArchiveSink() override {
    fail(std::make_exception_ptr(Error(Fault::cancelled, "the archive was given up")));
  }

  void begin(InventoryPtr inventory) override;
  void put(ChunkPtr chunk) override;
  void end_relation(const RelationEnd& end) override;
  Totals finish() override;
  void fail(std::exception_ptr failure) noexcept override;

 private:
  // Chunks on their way to the file, and the end that waits for them.
  struct Outstanding {
    std::uint32_t chunks = 0;
    std::optional<RelationEnd> end;
  };

  // Runs body unless the sink is broken; an exception breaks it.
  template <typename Body>
  auto guarded(Body&& body) -> std::invoke_result_t<Body>;
  void write_file_header();
  std::uint32_t write_parts(BlockType type, ByteView bytes);
  void compress_chunks();
  void write_chunk(const Chunk& chunk, Compressor& compressor, Buffer& out);
  void write_end(const RelationEnd& end);
  std::uint64_t write_block(BlockHeader& header, ByteView stored);
  void write_footer(const Totals& totals, std::uint64_t index_offset, std::uint32_t index_blocks);

  const WriteOptions options_;
  const Uuid uuid_ = random_uuid();
  std::mutex output_mutex_;
  Output output_;
  std::vector<model::EntryId> ends_;  // in file order
  std::uint32_t catalog_blocks_ = 0;

  std::mutex mutex_;
  std::exception_ptr failure_;
  std::optional<Tally> tally_;  // from begin() on
  std::unordered_map<model::EntryId, Outstanding> outstanding_;
  bool finished_ = false;

  BoundedQueue<ChunkPtr> queue_;
  Workers workers_;  // last: its threads use all of the above
};

template <typename Body>
auto ArchiveSink::guarded(Body&& body) -> std::invoke_result_t<Body> {
  {
    std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
    if (finished_) throw Error(Fault::internal, "the archive is already finished");
  }
  try {
    return body();
  } catch (...) {
    fail(std::current_exception());
    throw;
  }
}

void ArchiveSink::fail(std::exception_ptr failure) noexcept {
  {
    std::lock_guard lock(mutex_);
    if (!failure_) failure_ = failure;
  }
  queue_.fail(failure);
}

void ArchiveSink::begin(InventoryPtr inventory) {
  guarded([&] {
    if (tally_) throw Error(Fault::internal, "the archive has begun already");
    std::string catalog = encode_inventory(*inventory);
    if (catalog.size() > std::size_t{layout::max_catalog_blocks} * layout::max_part_bytes)
      throw Error(Fault::unsupported, "the catalog is larger than an archive can hold");
    {
      std::lock_guard lock(mutex_);
      tally_.emplace(*inventory, Fault::internal);
    }
    write_file_header();
    catalog_blocks_ = write_parts(BlockType::catalog, catalog);
    for (unsigned i = 0; i < std::max(options_.compressors, 1u); ++i)
      workers_.start([this] { compress_chunks(); });
  });
}

void ArchiveSink::write_file_header() {
  auto capabilities = capabilities_to_write(options_.level != 0);
  layout::FileHeader header{};
  std::copy(std::begin(layout::file_magic), std::end(layout::file_magic), header.magic);
  header.format_major = header.reader_major = layout::format_major;
  header.format_minor = layout::format_minor;
  header.header_bytes = static_cast<std::uint32_t>(sizeof header + capabilities.size());
  header.capability_count = static_cast<std::uint32_t>(capabilities.size() / sizeof(layout::Capability));
  header.block_header_bytes = sizeof(BlockHeader);
  std::copy(uuid_.begin(), uuid_.end(), header.uuid);
  header.max_raw_bytes = header.max_stored_bytes = layout::max_raw_bytes;
  header.max_part_bytes = layout::max_part_bytes;
  header.created_us = now_us();
  header.capabilities_checksum = hash64(capabilities, 0);
  header.checksum = hash64(bytes_of(header).substr(0, offsetof(layout::FileHeader, checksum)), 0);
  output_.append(std::string(bytes_of(header)) + capabilities);
}

// Returns the number of blocks; at least one, so that the last flag has a place.
std::uint32_t ArchiveSink::write_parts(BlockType type, ByteView bytes) {
  Compressor compressor(options_.level);
  Buffer out;
  for (std::uint32_t number = 0;; ++number) {
    ByteView part = bytes.substr(0, layout::max_part_bytes);
    bytes.remove_prefix(part.size());
    ByteView stored = compressor.compress(part, out);
    BlockHeader header = make_header(uuid_, type, 0, number, part, stored);
    if (bytes.empty()) header.flags = layout::flag_last;
    write_block(header, stored);
    if (bytes.empty()) return number + 1;
  }
}

std::uint64_t ArchiveSink::write_block(BlockHeader& header, ByteView stored) {
  std::lock_guard lock(output_mutex_);
  std::uint64_t offset = output_.offset();
  seal(header, uuid_, offset);
  output_.append(bytes_of(header), stored);
  if (header.type == static_cast<std::uint16_t>(BlockType::relation_end)) ends_.push_back(header.relation);
  return offset;
}

void ArchiveSink::put(ChunkPtr chunk) {
  guarded([&] {
    if (chunk->raw.size() > layout::max_raw_bytes || chunk->rows > chunk->raw.size())
      throw Error(Fault::internal, fmt::format("a chunk of {} bytes and {} rows cannot be stored",
                                               chunk->raw.size(), chunk->rows));
    {
      std::lock_guard lock(mutex_);
      if (!tally_) throw Error(Fault::internal, "a chunk comes before the catalog");
      bool is_new = tally_->add({.relation = chunk->relation,
                                 .number = chunk->number,
                                 .format = chunk->format,
                                 .rows = chunk->rows,
                                 .raw_bytes = chunk->raw.size(),
                                 .digest = chunk->digest,
                                 .checksum = {}});
      if (!is_new) return;
      ++outstanding_[chunk->relation].chunks;
    }
    queue_.push(std::move(chunk));
  });
}

void ArchiveSink::compress_chunks() {
  Compressor compressor(options_.level);
  Buffer out;
  while (auto chunk = queue_.pop()) {
    write_chunk(**chunk, compressor, out);
    if (out.capacity() > keep_buffer_bytes) out = Buffer();
  }
}

void ArchiveSink::write_chunk(const Chunk& chunk, Compressor& compressor, Buffer& out) {
  ByteView stored = compressor.compress(chunk.raw.view(), out);
  BlockHeader header =
      make_header(uuid_, BlockType::chunk, chunk.relation, chunk.number, chunk.raw.view(), stored);
  header.copy_format = static_cast<std::uint8_t>(chunk.format);
  header.rows = chunk.rows;
  header.digest_low = chunk.digest.low, header.digest_high = chunk.digest.high;
  std::uint64_t offset = write_block(header, stored);
  std::optional<RelationEnd> end;
  {
    std::lock_guard lock(mutex_);
    tally_->place(chunk.relation, chunk.number, offset, stored.size());
    Outstanding& outstanding = outstanding_[chunk.relation];
    if (--outstanding.chunks == 0) end = std::exchange(outstanding.end, std::nullopt);
  }
  if (end) write_end(*end);
}

void ArchiveSink::end_relation(const RelationEnd& end) {
  guarded([&] {
    {
      std::lock_guard lock(mutex_);
      if (!tally_) throw Error(Fault::internal, "a relation ends before the catalog");
      Outstanding& outstanding = outstanding_[end.relation];
      tally_->end(end);
      if (outstanding.chunks > 0) {
        outstanding.end = end;
        return;
      }
    }
    write_end(end);
  });
}

void ArchiveSink::write_end(const RelationEnd& end) {
  auto record = to_record(end);
  BlockHeader header =
      make_header(uuid_, BlockType::relation_end, end.relation, 0, bytes_of(record), bytes_of(record));
  write_block(header, bytes_of(record));
}

Totals ArchiveSink::finish() {
  return guarded([&] {
    if (!tally_) throw Error(Fault::internal, "the archive ends before its catalog");
    queue_.close();
    workers_.join();
    tally_->check_all_ended();  // the threads are gone: nothing else looks at the account
    tally_->order_ends(ends_);
    Totals totals = tally_->totals();
    std::uint64_t index_offset = output_.offset();
    std::uint32_t index_blocks = write_parts(BlockType::index, encode_index(tally_->index()));
    write_footer(totals, index_offset, index_blocks);
    totals.stored_bytes = output_.offset();
    output_.finish();
    std::lock_guard lock(mutex_);
    finished_ = true;
    return totals;
  });
}

void ArchiveSink::write_footer(const Totals& totals, std::uint64_t index_offset, std::uint32_t index_blocks) {
  layout::Footer footer{};
  std::copy(std::begin(layout::footer_magic), std::end(layout::footer_magic), footer.magic);
  std::copy(std::begin(layout::end_magic), std::end(layout::end_magic), footer.end_magic);
  footer.relations = static_cast<std::uint32_t>(totals.relations.size());
  footer.index_offset = index_offset, footer.index_bytes = output_.offset() - index_offset;
  footer.file_bytes = output_.offset() + sizeof footer;
  footer.chunks = totals.chunks, footer.rows = totals.rows, footer.raw_bytes = totals.raw_bytes;
  std::copy(uuid_.begin(), uuid_.end(), footer.uuid);
  footer.catalog_blocks = catalog_blocks_, footer.index_blocks = index_blocks;
  footer.checksum = hash64(bytes_of(footer).substr(0, offsetof(layout::Footer, checksum)),
                           offset_seed(uuid_, output_.offset()));
  output_.append(bytes_of(footer));
}

}  // namespace

std::unique_ptr<Sink> write_archive(const std::string& path, const WriteOptions& options) {
  return std::make_unique<ArchiveSink>(path, options);
}

}  // namespace pghaul::format
