// The checksums of an archive: XXH3 over bytes, seeded with the place where the bytes belong. Internal to the
// module.
#pragma once

#include <cstdint>

#include "format/archive.h"
#include "format/digest.h"
#include "format/layout.h"

namespace pghaul::format {

std::uint64_t hash64(ByteView bytes, std::uint64_t seed);
Digest hash128(ByteView bytes, std::uint64_t seed);

// For payloads: which archive, which block of it. A valid payload under another block's header fails.
std::uint64_t place_seed(const Uuid& uuid, layout::BlockType type, std::uint32_t relation,
                         std::uint32_t number);

// For headers and the footer: which archive, where in it. A valid block that was moved fails.
std::uint64_t offset_seed(const Uuid& uuid, std::uint64_t offset);

// The bytes of an on-disk struct.
template <typename T>
requires layout::is_exact<T> ByteView bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace pghaul::format
