// What the micro benchmarks chew on: rows as COPY gives them, the same each time. Words, numbers and hexadecimal digits, so
// that zstd finds about as much to save as it does in a database of orders.
#pragma once

#include <bit>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "model/entry.h"

namespace pghaul::bench {

inline void append_field(std::string& row, std::string_view value, model::CopyFormat format) {
  if (format == model::CopyFormat::binary) {
    std::uint32_t length = __builtin_bswap32(static_cast<std::uint32_t>(value.size()));
    row.append(reinterpret_cast<const char*>(&length), sizeof length);
  } else if (!row.empty()) {
    row += '\t';
  }
  row += value;
}

// Whole rows of about row_bytes each, at least total_bytes in sum.
inline std::string sample_rows(std::size_t total_bytes, std::size_t row_bytes, model::CopyFormat format) {
  static constexpr std::string_view words[] = {"amber",  "basalt", "cedar", "delivered", "ember", "felt",    "granite", "hazel",
                                               "indigo", "jasper", "linen", "maple",     "nickel", "pending", "quartz",  "walnut"};
  const bool binary = format == model::CopyFormat::binary;
  std::mt19937_64 random(20240229);
  std::string rows;
  rows.reserve(total_bytes + row_bytes + 64);
  for (std::uint64_t id = 1; rows.size() < total_bytes; ++id) {
    std::string row;
    std::uint16_t fields = 1;
    append_field(row, std::to_string(id), format);
    while (row.size() + (binary ? 2 : 1) < row_bytes) {
      std::string value;
      switch (random() % 3) {
        case 0: value = std::to_string(random() % 1000000); break;
        case 1: value = std::to_string(random()).substr(0, 12); break;
        default:
          for (unsigned n = 1 + random() % 6; n > 0; --n) value.append(words[random() % std::size(words)]).append(n > 1 ? " " : "");
      }
      append_field(row, value, format);
      ++fields;
    }
    if (binary) {
      fields = __builtin_bswap16(fields);
      rows.append(reinterpret_cast<const char*>(&fields), sizeof fields).append(row);
    } else {
      rows.append(row).append("\n");
    }
  }
  return rows;
}

}  // namespace pghaul::bench
