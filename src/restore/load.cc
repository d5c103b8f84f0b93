#include "restore/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.h"
#include "format/copy_rows.h"

namespace pghaul::restore {
namespace {

constexpr pg::Oid oid_type = 26, int8_type = 20, bytea_type = 17;                // pg_type.dat
constexpr pg::Oid oid_array = 1028, int8_array = 1016, bytea_array = 1001;

// An array of one dimension in binary form (array_send): dimensions, no NULLs, element type, length, lower bound, then each element
// behind its length.
class BinaryArray {
 public:
  BinaryArray(pg::Oid array, pg::Oid element) : array_(array), element_(element) {}
  void clear() {
    bytes_.clear(), count_ = 0;
    for (std::uint32_t word : {1u, 0u, element_, 0u, 1u}) put(word);
  }
  void add(ByteView with_length) { bytes_.append(with_length), ++count_; }
  std::size_t size() const { return bytes_.size(); }
  void reserve(std::size_t capacity) { bytes_.reserve(capacity); }
  // Good until it is changed.
  pg::Parameter parameter() {
    constexpr std::size_t length_at = 12;
    std::uint32_t count = __builtin_bswap32(count_);
    std::memcpy(bytes_.data() + length_at, &count, sizeof count);
    return {array_, bytes_.view()};
  }

 private:
  void put(std::uint32_t value) {
    value = __builtin_bswap32(value);
    bytes_.append({reinterpret_cast<const char*>(&value), sizeof value});
  }
  pg::Oid array_, element_;
  std::uint32_t count_ = 0;
  Buffer bytes_;
};

// Rows (oid, position, bytes) as three arrays: one statement writes them all. Used again and again: new memory for each would cost more
// than what is done with it.
class LargeObjectPieces {
 public:
  LargeObjectPieces() { pieces_.reserve(enough + enough / 2); }

  // Takes rows off the front of rest until it has about a MB: libpq keeps a copy of what it sends.
  void fill(ByteView& rest) {
    for (BinaryArray* array : {&oids_, &positions_, &pieces_}) array->clear();
    while (!rest.empty() && pieces_.size() < enough) {
      if (part(rest, 2) != ByteView("\0\3", 2)) throw Error(Fault::damaged, "a row of large objects has not three fields");
      rest.remove_prefix(2);
      for (BinaryArray* array : {&oids_, &positions_, &pieces_}) {
        std::uint32_t size;
        std::memcpy(&size, part(rest, sizeof size).data(), sizeof size);
        ByteView with_length = part(rest, sizeof size + __builtin_bswap32(size));
        array->add(with_length);
        rest.remove_prefix(with_length.size());
      }
    }
  }
  std::array<pg::Parameter, 3> parameters() { return {oids_.parameter(), positions_.parameter(), pieces_.parameter()}; }

 private:
  static constexpr std::size_t enough = std::size_t{1} << 20;
  static ByteView part(ByteView rest, std::size_t size) {
    if (rest.size() < size) throw Error(Fault::damaged, "a chunk of large objects ends within a row");
    return rest.substr(0, size);
  }
  BinaryArray oids_{oid_array, oid_type}, positions_{int8_array, int8_type}, pieces_{bytea_array, bytea_type};
};

void load_large_objects(pg::Connection& connection, const format::Chunk& chunk) {
  connection.exec("BEGIN");
  try {
    LargeObjectPieces rows;
    for (ByteView rest = chunk.raw.view(); !rest.empty();) {
      rows.fill(rest);
      connection.query("SELECT pg_catalog.count(pg_catalog.lo_put(o, p, b)) FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3)) AS piece(o, p, b)", rows.parameters());
    }
    connection.exec("COMMIT");
  } catch (...) {
    try {
      if (!connection.lost()) connection.exec("ROLLBACK");
    } catch (const Error&) {  // what came first says more
    }
    throw;
  }
}

}  // namespace

void Loader::copy(const model::DataSpec& data, std::vector<format::ChunkPtr>& chunks, const NextChunk& next) {
  constexpr int short_beside_rows = 10;
  const bool binary = chunks.front()->format == model::CopyFormat::binary;
  const auto asked = Clock::now();
  connection_.begin_copy_in(fmt::format("COPY {} FROM STDIN{}", data.target, binary ? " (FORMAT binary)" : ""));
  const auto began = Clock::now();
  round_trip_ = std::min(round_trip_, began - asked);
  if (binary) {
    static const std::string header = std::string(format::CopyRows::signature) + std::string(8, '\0');
    connection_.put_copy(header);
  }
  std::uint64_t rows = 0;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    connection_.put_copy(chunks[i]->raw.view());
    rows += chunks[i]->rows;
    if (i + 1 < chunks.size() || chunks.size() >= at_most_) continue;
    if (2 * round_trip_ * short_beside_rows < Clock::now() - began) break;
    format::ChunkPtr more = next();
    if (more && more->format != chunks.front()->format) throw Error(Fault::damaged, "chunks of one relation have different forms of COPY");
    if (more) chunks.push_back(std::move(more));
  }
  if (binary) connection_.put_copy(format::CopyRows::trailer);
  std::uint64_t taken = connection_.end_copy();
  if (taken != rows) throw Error(Fault::damaged, fmt::format("the server took {} rows of {}", taken, rows));
}

void Loader::load(const model::Entry& entry, std::vector<format::ChunkPtr>& chunks, const NextChunk& next) {
  if (entry.data->load == model::DataSpec::Load::large_objects) load_large_objects(connection_, *chunks.front());
  else copy(*entry.data, chunks, next);
}

}  // namespace pghaul::restore
