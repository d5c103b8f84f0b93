#include "format/block.h"

#include <algorithm>
#include <cstring>

namespace pghaul::format {
namespace {

using layout::Codec;

std::uint64_t header_checksum(const BlockHeader& header, const Uuid& uuid, std::uint64_t offset) {
  return hash64(bytes_of(header).substr(0, offsetof(BlockHeader, header_checksum)),
                offset_seed(uuid, offset));
}

std::uint64_t seed_of(const BlockHeader& header, const Uuid& uuid) {
  return place_seed(uuid, static_cast<BlockType>(header.type), header.relation, header.number);
}

bool is_copy_format(std::uint8_t number) {
  return number == 1 || number == 2;
}

std::string_view size_problem(const BlockHeader& header) {
  if (header.raw_bytes > layout::max_raw_bytes) return "its size is over the limit";
  if (header.codec == static_cast<std::uint8_t>(Codec::stored))
    return header.stored_bytes == header.raw_bytes ? "" : "it is not compressed and yet has two sizes";
  if (header.codec != static_cast<std::uint8_t>(Codec::zstd)) return "its codec is unknown";
  if (header.stored_bytes >= header.raw_bytes) return "it is compressed and yet not smaller";
  return header.raw_bytes / layout::max_expansion <= header.stored_bytes ? ""
                                                                         : "no compression gives such sizes";
}

std::string_view chunk_problem(const BlockHeader& header) {
  if (header.relation == 0 || !is_copy_format(header.copy_format)) return "its relation or form is invalid";
  if (header.flags != 0) return "it has flags that no chunk has";
  return header.rows <= header.raw_bytes ? "" : "it has more rows than bytes";
}

// Catalog, relation end and index.
std::string_view part_problem(const BlockHeader& header, BlockType type) {
  bool is_end = type == BlockType::relation_end;
  if (header.rows != 0 || header.digest_low != 0 || header.digest_high != 0 || header.copy_format != 0)
    return "it has fields that only a chunk has";
  if (is_end != (header.relation != 0) || (is_end && (header.number != 0 || header.flags != 0)))
    return "its place is invalid";
  if (header.raw_bytes > layout::max_part_bytes) return "its size is over the limit";
  return header.flags & ~layout::flag_last ? "it has unknown flags" : "";
}

}  // namespace

BlockHeader make_header(const Uuid& uuid, BlockType type, std::uint32_t relation, std::uint32_t number,
                        ByteView raw, ByteView stored) {
  BlockHeader header{};
  std::copy(std::begin(layout::block_magic), std::end(layout::block_magic), header.magic);
  header.type = static_cast<std::uint16_t>(type);
  header.codec = static_cast<std::uint8_t>(stored.data() == raw.data() ? Codec::stored : Codec::zstd);
  header.relation = relation, header.number = number;
  header.raw_bytes = raw.size(), header.stored_bytes = stored.size();
  std::uint64_t seed = place_seed(uuid, type, relation, number);
  Digest checksum = hash128(raw, seed);
  header.raw_checksum_low = checksum.low, header.raw_checksum_high = checksum.high;
  header.stored_checksum = hash64(stored, seed);
  return header;
}

void seal(BlockHeader& header, const Uuid& uuid, std::uint64_t offset) {
  header.header_checksum = header_checksum(header, uuid, offset);
}

std::string_view header_problem(const Block& block, const Uuid& uuid) {
  const BlockHeader& header = block.header;
  if (!std::equal(std::begin(layout::block_magic), std::end(layout::block_magic), header.magic))
    return "there is no block";
  if (header.header_checksum != header_checksum(header, uuid, block.offset))
    return "its header does not match its checksum";
  if (header.type == 0 || header.reserved != 0) return "its header is invalid";
  if (auto problem = size_problem(header); !problem.empty()) return problem;
  switch (block.type()) {
    case BlockType::chunk: return chunk_problem(header);
    case BlockType::catalog:
    case BlockType::relation_end:
    case BlockType::index: return part_problem(header, block.type());
  }
  return header.flags & layout::flag_skippable ? "" : "its type is unknown and may not be skipped";
}

bool stored_matches(const BlockHeader& header, const Uuid& uuid, ByteView stored) {
  return hash64(stored, seed_of(header, uuid)) == header.stored_checksum;
}

std::string_view open_payload(const BlockHeader& header, const Uuid& uuid, ByteView stored, Buffer& scratch,
                              ByteView& raw) {
  if (stored.size() != header.stored_bytes || !stored_matches(header, uuid, stored))
    return "its stored bytes do not match their checksum";
  raw = stored;
  if (header.codec == static_cast<std::uint8_t>(Codec::zstd)) {
    if (auto problem = decompress(stored, header.raw_bytes, scratch); !problem.empty()) return problem;
    raw = scratch.view();
  }
  Digest expected{header.raw_checksum_low, header.raw_checksum_high};
  return hash128(raw, seed_of(header, uuid)) == expected ? "" : "its raw bytes do not match their checksum";
}

std::string_view footer_problem(const layout::Footer& footer, const Uuid& uuid, std::uint64_t offset) {
  if (!std::equal(std::begin(layout::footer_magic), std::end(layout::footer_magic), footer.magic) ||
      !std::equal(std::begin(layout::end_magic), std::end(layout::end_magic), footer.end_magic))
    return "it has no footer at its end";
  std::uint64_t checksum =
      hash64(bytes_of(footer).substr(0, offsetof(layout::Footer, checksum)), offset_seed(uuid, offset));
  if (footer.checksum != checksum) return "its footer does not match its checksum";
  return std::equal(uuid.begin(), uuid.end(), footer.uuid) ? "" : "its footer belongs to another archive";
}

void describe(const BlockHeader& header, Chunk& chunk) {
  chunk.relation = header.relation, chunk.number = header.number;
  chunk.format = static_cast<model::CopyFormat>(header.copy_format);
  chunk.rows = header.rows;
  chunk.digest = {header.digest_low, header.digest_high};
}

layout::RelationRecord to_record(const RelationEnd& end) {
  layout::RelationRecord record{};
  record.relation = end.relation, record.chunks = end.chunks;
  record.copy_format = static_cast<std::uint8_t>(end.format);
  record.rows = end.rows, record.raw_bytes = end.raw_bytes;
  record.digest_low = end.digest.low, record.digest_high = end.digest.high;
  return record;
}

std::string_view read_record(const layout::RelationRecord& record, RelationEnd& end) {
  if (!is_copy_format(record.copy_format)) return "it has an invalid form";
  if (std::any_of(std::begin(record.reserved), std::end(record.reserved),
                  [](auto byte) { return byte != 0; }))
    return "it has reserved bytes that are not zero";
  end.relation = record.relation, end.chunks = record.chunks;
  end.format = static_cast<model::CopyFormat>(record.copy_format);
  end.rows = record.rows, end.raw_bytes = record.raw_bytes;
  end.digest = {record.digest_low, record.digest_high};
  return {};
}

}  // namespace pghaul::format
