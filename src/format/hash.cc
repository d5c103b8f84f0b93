// XXH3, compiled in rather than called: rows are short, and the call would cost as much as the hash.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <fmt/format.h>

#include "format/hash.h"
#include "format/rows.h"

namespace pghaul::format {
namespace {

Digest to_digest(XXH128_hash_t hash) {
  return {hash.low64, hash.high64};
}

}  // namespace

std::uint64_t hash64(ByteView bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Digest hash128(ByteView bytes, std::uint64_t seed) {
  return to_digest(XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed));
}

Digest row_digest(ByteView row) {
  return to_digest(XXH3_128bits(row.data(), row.size()));
}

RowSums sum_rows(ByteView raw, model::CopyFormat format) {
  RowSums sums;
  for_each_row(raw, format, [&](ByteView row) {
    ++sums.rows;
    sums.digest += to_digest(XXH3_128bits(row.data(), row.size()));
  });
  return sums;
}

std::string to_hex(const Digest& digest) {
  return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

std::uint64_t place_seed(const Uuid& uuid, layout::BlockType type, std::uint32_t relation,
                         std::uint32_t number) {
  layout::PlaceSeed place{};
  std::memcpy(place.uuid, uuid.data(), uuid.size());
  place.type = static_cast<std::uint32_t>(type), place.relation = relation, place.number = number;
  return hash64(bytes_of(place), 0);
}

std::uint64_t offset_seed(const Uuid& uuid, std::uint64_t offset) {
  layout::OffsetSeed place{};
  std::memcpy(place.uuid, uuid.data(), uuid.size());
  place.offset = offset;
  return hash64(bytes_of(place), 0);
}

}  // namespace pghaul::format
