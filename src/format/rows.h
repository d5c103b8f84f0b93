// The rows within a chunk's raw bytes, in both forms of COPY. For bytes of any origin: each length is checked
// before it is used, and what is not a whole number of rows throws Error(damaged).
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "base/error.h"
#include "format/digest.h"
#include "model/entry.h"

namespace pghaul::format {

// Length of the binary tuple that bytes begin with; 0 when they do not begin with a whole one.
inline std::size_t binary_tuple_size(ByteView bytes) {
  if (bytes.size() < 2) return 0;
  std::uint16_t fields;
  std::memcpy(&fields, bytes.data(), 2);
  fields = __builtin_bswap16(fields);
  if (fields > INT16_MAX) return 0;  // -1 is COPY's trailer, which chunks do not have
  std::size_t at = 2;
  for (unsigned i = 0; i < fields; ++i) {
    if (bytes.size() - at < 4) return 0;
    std::uint32_t length;
    std::memcpy(&length, bytes.data() + at, 4);
    length = __builtin_bswap32(length);
    at += 4;
    if (length == UINT32_MAX) continue;  // NULL
    if (length > INT32_MAX || bytes.size() - at < length) return 0;
    at += length;
  }
  return at;
}

// Calls visit(row) for each row: a line without its newline, or a tuple, as row_digest() takes it.
template <typename Visit>
void for_each_row(ByteView raw, model::CopyFormat format, Visit&& visit) {
  const char* at = raw.data();
  const char* end = at + raw.size();
  if (format == model::CopyFormat::text) {
    while (at < end) {
      auto* newline = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
      if (!newline) throw Error(Fault::damaged, "the last line of a chunk has no newline");
      visit(ByteView(at, static_cast<std::size_t>(newline - at)));
      at = newline + 1;
    }
    return;
  }
  while (at < end) {
    ByteView rest(at, static_cast<std::size_t>(end - at));
    std::size_t size = binary_tuple_size(rest);
    if (size == 0) throw Error(Fault::damaged, "a chunk in binary form holds bytes that are no tuple");
    visit(rest.substr(0, size));
    at += size;
  }
}

struct RowSums {
  std::uint64_t rows = 0;
  Digest digest;
};

// Counts and digests all rows.
RowSums sum_rows(ByteView raw, model::CopyFormat format);

}  // namespace pghaul::format
