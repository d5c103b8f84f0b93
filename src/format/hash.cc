// XXH3, compiled in rather than called: rows are short, and the call would cost as much as the hash.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <fmt/format.h>

#include "format/hash.h"
#include "format/hash_wide.h"
#include "format/rows.h"

namespace pghaul::format {
namespace {

Digest to_digest(XXH128_hash_t hash) {
  return {hash.low64, hash.high64};
}

// Of many bytes most of the time goes to XXH3's inner loop, which is twice as fast in the processor's wider registers.
constexpr std::size_t long_bytes = 512;
const bool has_wide = wide_hash_usable();

}  // namespace

std::uint64_t hash64(ByteView bytes, std::uint64_t seed) {
  if (bytes.size() >= long_bytes && has_wide) return wide_hash64(bytes.data(), bytes.size(), seed);
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Digest hash128(ByteView bytes, std::uint64_t seed) {
  if (bytes.size() < long_bytes || !has_wide) return to_digest(XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed));
  Digest digest;
  wide_hash128(bytes.data(), bytes.size(), seed, &digest.low, &digest.high);
  return digest;
}

Digest row_digest(ByteView row) {
  return hash128(row, 0);
}

RowSums sum_rows(ByteView raw, model::CopyFormat format) {
  RowSums sums;
  for_each_row(raw, format, [&](ByteView row) {
    ++sums.rows;
    sums.digest += row_digest(row);
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
