// Order-independent digests of rows: the sum modulo 2^128 of XXH3-128 over each row. Two relations with the same rows, in
// whatever order, have the same digest; a row lost, doubled or changed changes it. Against accidents, not attackers.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace pghaul::format {

struct Digest {
  std::uint64_t low = 0, high = 0;

  Digest& operator+=(const Digest& other) {
    low += other.low;
    high += other.high + (low < other.low ? 1 : 0);
    return *this;
  }
  bool operator==(const Digest&) const = default;
};

// Of one row: in text form its line without the newline; in binary form its tuple (field count and fields).
Digest row_digest(ByteView row);

// 32 hexadecimal digits, high half first.
std::string to_hex(const Digest& digest);

}  // namespace pghaul::format
