// The unit of everything: rows of one relation that are read, checked, compressed, stored and loaded together.
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "format/digest.h"
#include "model/entry.h"

namespace pghaul::format {

// Raw rows as COPY gives them. Text form: lines, each with its newline. Binary form: tuples, without COPY's header and
// trailer. Rows are never split. A value: once made it is only read, by any number of threads.
struct Chunk {
  model::EntryId relation = 0;  // the data entry
  std::uint32_t number = 0;     // 0, 1, 2... within the relation; no gaps once the relation has ended, in any order
  model::CopyFormat format = model::CopyFormat::text;
  std::uint64_t rows = 0;
  Digest digest;                // sum of row_digest() over its rows
  Buffer raw;
};

// All chunks of the relation have been sent; what they add up to.
struct RelationEnd {
  model::EntryId relation = 0;
  std::uint32_t chunks = 0;
  model::CopyFormat format = model::CopyFormat::text;  // what was really used: may be text although binary was planned
  std::uint64_t rows = 0;
  std::uint64_t raw_bytes = 0;
  Digest digest;
};

// How large a chunk is cut: closed when it reaches this many raw bytes. A larger row makes a larger chunk.
constexpr std::size_t default_chunk_bytes = std::size_t{4} << 20;

}  // namespace pghaul::format
