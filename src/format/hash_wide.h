// XXH3 in AVX2 instructions, the same values as everywhere. hash_wide.cc alone is compiled for them: it includes nothing but
// xxhash.h, lest an inline function of another header be compiled for them, too, and be linked in for everyone.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pghaul::format {

// Does this processor have them? The others may be called only where it does.
bool wide_hash_usable();
std::uint64_t wide_hash64(const char* bytes, std::size_t size, std::uint64_t seed);
void wide_hash128(const char* bytes, std::size_t size, std::uint64_t seed, std::uint64_t* low, std::uint64_t* high);

}  // namespace pghaul::format
