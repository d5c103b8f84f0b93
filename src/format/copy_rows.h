// The messages of COPY ... TO STDOUT as rows: what is COPY's own framing (the binary header before the first row, the
// trailer after the last one) is taken off, so that what is left is what a chunk holds and what row_digest() takes.
// A server sends one row a message (documentation 55.2.6); for the binary form see COPY, "Binary Format".
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>

#include "base/bytes.h"
#include "base/error.h"
#include "model/entry.h"

namespace pghaul::format {

// One for each COPY: it remembers whether the header has been seen. Not thread-safe.
class CopyRows {
 public:
  explicit CopyRows(model::CopyFormat format) : format_(format) {}

  // The row of a message, as a chunk's raw bytes hold it: a line with its newline, or a tuple. nullopt: no row (the header
  // of an empty result, the trailer). The view is a part of the message. Throws Error(server) for bytes that are no COPY.
  std::optional<ByteView> operator()(ByteView message) {
    if (format_ == model::CopyFormat::text) {
      if (message.empty() || message.back() != '\n') throw broken("a line without a newline");
      return message;
    }
    if (!header_seen_) message = without_header(message);
    if (message.empty() || message == trailer) return std::nullopt;
    if (message.size() < 2) throw broken("a tuple without a field count");
    return message;
  }

  // What row_digest() takes of such a row: a line without its newline, or the tuple as it is.
  ByteView digested(ByteView row) const {
    return format_ == model::CopyFormat::text ? row.substr(0, row.size() - 1) : row;
  }

  model::CopyFormat format() const { return format_; }

  static constexpr ByteView signature{"PGCOPY\n\377\r\n\0", 11};
  static constexpr ByteView trailer{"\377\377", 2};
  static constexpr std::size_t header_size = 19;  // signature, flags, length of the extension area

 private:
  ByteView without_header(ByteView message) {
    header_seen_ = true;
    if (message.size() < header_size || !message.starts_with(signature)) throw broken("no header before the first row");
    std::uint32_t flags = number(message, signature.size()), extension = number(message, signature.size() + 4);
    if (flags >> 16) throw broken("a header with unknown critical flags");
    if (extension > message.size() - header_size) throw broken("a header that is longer than its message");
    return message.substr(header_size + extension);
  }

  static std::uint32_t number(ByteView bytes, std::size_t at) {
    std::uint32_t value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return __builtin_bswap32(value);
  }

  static Error broken(const char* what) { return Error(Fault::server, std::string("the server's COPY gave ") + what); }

  model::CopyFormat format_;
  bool header_seen_ = false;
};

}  // namespace pghaul::format
