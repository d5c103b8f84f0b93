// Table-level locks (documentation, 13.3.1), as far as the restore schedule must know them to keep a worker from waiting
// for another one's lock.
#pragma once

#include <cstdint>

namespace pghaul::model {

enum class LockMode : std::uint8_t {
  access_share = 1,
  row_share = 2,
  row_exclusive = 3,
  share_update_exclusive = 4,
  share = 5,
  share_row_exclusive = 6,
  exclusive = 7,
  access_exclusive = 8,
};

struct Lock {
  std::uint32_t entry = 0;  // EntryId of the relation
  LockMode mode = LockMode::access_share;
};

// The documentation's table 13.2. Symmetric.
constexpr bool conflict(LockMode a, LockMode b) {
  constexpr std::uint16_t conflicts[9] = {
      // bit n set: conflicts with mode n
      0,
      1 << 8,
      1 << 7 | 1 << 8,
      1 << 5 | 1 << 6 | 1 << 7 | 1 << 8,
      1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8,
      1 << 3 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 8,
      1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8,
      1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8,
      1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8,
  };
  return conflicts[static_cast<int>(a)] >> static_cast<int>(b) & 1;
}

}  // namespace pghaul::model
