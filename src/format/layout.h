// The bytes of an archive as structs: docs/FORMAT.md in C++. All integers are little-endian and stand where
// the structs have them; reserved fields are zero. Shared by writer and readers; nothing else knows an
// offset.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace pghaul::format::layout {

static_assert(std::endian::native == std::endian::little,
              "the structs are copied to and from files as they stand in memory");

constexpr std::uint16_t format_major = 1;
constexpr std::uint16_t format_minor = 0;

// The first byte is no ASCII, CR LF and LF break when a transfer converts line ends, 1A ends a DOS listing.
constexpr unsigned char file_magic[12] = {0x89, 'P', 'G', 'H', 'A', 'U', 'L', '\r', '\n', 0x1A, '\n', 0x00};
constexpr char block_magic[4] = {'P', 'H', 'B', 'K'};
constexpr char footer_magic[4] = {'P', 'H', 'F', 'T'};
constexpr char end_magic[8] = {'P', 'G', 'H', 'A', 'U', 'L', 'E', 'D'};

// Caps. A writer announces its own in the file header; a reader refuses more than these.
constexpr std::uint64_t max_raw_bytes = std::uint64_t{3}
                                        << 29;  // 1.5 GiB: one row of PostgreSQL can have 1 GiB
constexpr std::uint32_t max_part_bytes = std::uint32_t{4} << 20;  // raw bytes of one catalog or index block
constexpr std::uint32_t max_catalog_blocks = 512;                 // 2 GiB
constexpr std::uint32_t max_capabilities = 64;
constexpr std::uint64_t max_expansion = 32768;  // raw per stored byte: more than zstd can do

struct FileHeader {
  unsigned char magic[12];
  std::uint16_t format_major;
  std::uint16_t format_minor;
  std::uint16_t reader_major;  // a reader of at least this version can read the archive
  std::uint16_t reader_minor;
  std::uint32_t header_bytes;  // of this struct and the capabilities after it
  std::uint32_t capability_count;
  std::uint32_t block_header_bytes;
  std::uint8_t uuid[16];
  std::uint64_t max_raw_bytes;
  std::uint64_t max_stored_bytes;
  std::uint32_t max_part_bytes;
  std::uint32_t reserved_a;
  std::int64_t created_us;  // since 1970-01-01 UTC, of the writer's clock
  std::uint8_t reserved_b[32];
  std::uint64_t capabilities_checksum;  // XXH3-64 of the capabilities, seed 0
  std::uint64_t checksum;               // XXH3-64 of the 120 bytes before it, seed 0
};

struct Capability {
  char name[40];  // padded with zero bytes; at most 39 characters
  std::uint32_t flags;
  std::uint32_t reserved;
};
constexpr std::uint32_t capability_required = 1;

enum class BlockType : std::uint16_t { catalog = 1, chunk = 2, relation_end = 3, index = 4 };
enum class Codec : std::uint8_t { stored = 0, zstd = 1 };
constexpr std::uint32_t flag_last = 1;       // the last block of the catalog, or of the index
constexpr std::uint32_t flag_skippable = 2;  // a reader that does not know the type may skip the block

struct BlockHeader {
  char magic[4];
  std::uint16_t type;        // BlockType; 0 is never valid
  std::uint8_t codec;        // Codec
  std::uint8_t copy_format;  // model::CopyFormat of a chunk; 0 in other blocks
  std::uint32_t flags;
  std::uint32_t relation;  // entry id of a chunk or relation end; 0 in other blocks
  std::uint32_t number;    // of a chunk within its relation, of a catalog or index block within its series
  std::uint32_t reserved;
  std::uint64_t rows;              // of a chunk; 0 in other blocks
  std::uint64_t raw_bytes;         // of the payload, before compression
  std::uint64_t stored_bytes;      // of the payload as it follows
  std::uint64_t raw_checksum_low;  // XXH3-128 of the raw bytes, seeded with their place
  std::uint64_t raw_checksum_high;
  std::uint64_t stored_checksum;  // XXH3-64 of the stored bytes, seeded with their place
  std::uint64_t digest_low;       // sum of the rows' digests, of a chunk; 0 in other blocks
  std::uint64_t digest_high;
  std::uint64_t header_checksum;  // XXH3-64 of the 88 bytes before it, seeded with uuid and file offset
};

// What a relation adds up to: the payload of a relation end, and a part of the index.
struct RelationRecord {
  std::uint32_t relation;
  std::uint32_t chunks;
  std::uint8_t copy_format;
  std::uint8_t reserved[7];
  std::uint64_t rows;
  std::uint64_t raw_bytes;
  std::uint64_t digest_low;
  std::uint64_t digest_high;
};

// The index: IndexHead, relations in the order in which they ended, chunks by relation and number.
struct IndexHead {
  std::uint32_t relations;
  std::uint32_t reserved;
  std::uint64_t chunks;
};

struct ChunkRecord {
  std::uint64_t offset;  // of the block header
  std::uint32_t relation;
  std::uint32_t number;
  std::uint64_t rows;
  std::uint64_t raw_bytes;
  std::uint64_t stored_bytes;
  bool operator==(const ChunkRecord&) const = default;
};

struct Footer {
  char magic[4];
  std::uint32_t relations;
  std::uint64_t index_offset;  // of the first index block's header
  std::uint64_t index_bytes;   // of the index blocks with their headers
  std::uint64_t file_bytes;    // of the whole archive, footer included
  std::uint64_t chunks;
  std::uint64_t rows;
  std::uint64_t raw_bytes;  // of all chunks
  std::uint8_t uuid[16];
  std::uint32_t catalog_blocks;
  std::uint32_t index_blocks;
  std::uint64_t checksum;  // XXH3-64 of the 80 bytes before it, seeded with uuid and file offset
  char end_magic[8];
};

// What the checksums' seeds are made from: XXH3-64 with seed 0 of these bytes.
struct PlaceSeed {
  std::uint8_t uuid[16];
  std::uint32_t type, relation, number, reserved;
};
struct OffsetSeed {
  std::uint8_t uuid[16];
  std::uint64_t offset, reserved;
};

template <typename T>
constexpr bool is_exact =
    std::is_trivially_copyable_v<T>&& std::has_unique_object_representations_v<T>;  // no padding
static_assert(is_exact<FileHeader> && is_exact<Capability> && is_exact<BlockHeader> &&
              is_exact<RelationRecord>);
static_assert(is_exact<IndexHead> && is_exact<ChunkRecord> && is_exact<Footer> && is_exact<PlaceSeed> &&
              is_exact<OffsetSeed>);
static_assert(sizeof(FileHeader) == 128 && sizeof(Capability) == 48 && sizeof(BlockHeader) == 96);
static_assert(sizeof(RelationRecord) == 48 && sizeof(IndexHead) == 16 && sizeof(ChunkRecord) == 40);
static_assert(sizeof(Footer) == 96,
              "as large as a block header: a stream reader reads 96 bytes and then knows which it is");
static_assert(sizeof(PlaceSeed) == 32 && sizeof(OffsetSeed) == 32);
static_assert(offsetof(FileHeader, format_major) == 12 && offsetof(FileHeader, header_bytes) == 20);
static_assert(offsetof(FileHeader, uuid) == 32 && offsetof(FileHeader, max_raw_bytes) == 48);
static_assert(offsetof(FileHeader, created_us) == 72 && offsetof(FileHeader, checksum) == 120);
static_assert(offsetof(BlockHeader, flags) == 8 && offsetof(BlockHeader, rows) == 24);
static_assert(offsetof(BlockHeader, raw_checksum_low) == 48 && offsetof(BlockHeader, stored_checksum) == 64);
static_assert(offsetof(BlockHeader, digest_low) == 72 && offsetof(BlockHeader, header_checksum) == 88);
static_assert(offsetof(Footer, index_offset) == 8 && offsetof(Footer, uuid) == 56 &&
              offsetof(Footer, checksum) == 80);

}  // namespace pghaul::format::layout
