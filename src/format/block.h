// One block: its header made, sealed and checked, its payload opened. Pure functions on bytes, shared by all
// readers and the writer; a problem is returned as words, and the caller adds where. Internal to the module.
#pragma once

#include <string_view>

#include "format/archive.h"
#include "format/compress.h"
#include "format/hash.h"
#include "format/layout.h"

namespace pghaul::format {

using layout::BlockHeader;
using layout::BlockType;

// A header and where it stands in the file.
struct Block {
  BlockHeader header;
  std::uint64_t offset = 0;
  std::uint64_t payload() const { return offset + sizeof header; }
  std::uint64_t end() const { return payload() + header.stored_bytes; }
  BlockType type() const { return static_cast<BlockType>(header.type); }
  bool is_last() const { return header.flags & layout::flag_last; }
};

// Everything but the header checksum, which depends on the offset. stored is raw itself, or its compressed
// form.
BlockHeader make_header(const Uuid& uuid, BlockType type, std::uint32_t relation, std::uint32_t number,
                        ByteView raw, ByteView stored);
// The pair of writing: after this nothing of the header may change.
void seal(BlockHeader& header, const Uuid& uuid, std::uint64_t offset);

// What is wrong with a header, before anything in it is used; empty when it is sound.
std::string_view header_problem(const Block& block, const Uuid& uuid);

// Whether the stored bytes are what was written; needs no decompression.
bool stored_matches(const BlockHeader& header, const Uuid& uuid, ByteView stored);

// Checks and decompresses. raw becomes a view of stored or of scratch. Empty when done, else what is wrong.
std::string_view open_payload(const BlockHeader& header, const Uuid& uuid, ByteView stored, Buffer& scratch,
                              ByteView& raw);

// What is wrong with a footer that stands at offset; empty when it is sound in itself.
std::string_view footer_problem(const layout::Footer& footer, const Uuid& uuid, std::uint64_t offset);

// The chunk's facts, without its rows.
void describe(const BlockHeader& header, Chunk& chunk);

layout::RelationRecord to_record(const RelationEnd& end);
// Empty and end filled, or what is wrong.
std::string_view read_record(const layout::RelationRecord& record, RelationEnd& end);

}  // namespace pghaul::format
