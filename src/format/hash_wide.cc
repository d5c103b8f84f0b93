#define XXH_INLINE_ALL
#include <xxhash.h>

#include "format/hash_wide.h"

namespace pghaul::format {

bool wide_hash_usable() {
#ifdef __AVX2__
  return __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

std::uint64_t wide_hash64(const char* bytes, std::size_t size, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, size, seed);
}

void wide_hash128(const char* bytes, std::size_t size, std::uint64_t seed, std::uint64_t* low, std::uint64_t* high) {
  XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, size, seed);
  *low = hash.low64, *high = hash.high64;
}

}  // namespace pghaul::format
