#include "restore/load.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "base/error.h"
#include "format/copy_rows.h"

namespace pghaul::restore {
namespace {

constexpr pg::Oid oid_type = 26, int8_type = 20, bytea_type = 17;                // pg_type.dat
constexpr pg::Oid oid_array = 1028, int8_array = 1016, bytea_array = 1001;

void put_number(std::string& out, std::uint32_t value) {
  value = __builtin_bswap32(value);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// The binary form of a one-dimensional array (array_send): dimensions, no NULLs, element type, length, lower bound.
std::string array_header(pg::Oid element, std::uint32_t count) {
  std::string out;
  for (std::uint32_t word : {1u, 0u, element, count, 1u}) put_number(out, word);
  return out;
}

// Rows (oid, position, bytes) as three arrays: one statement writes them all.
struct LargeObjectPieces {
  std::uint32_t count = 0;
  std::string oids, positions, pieces;

  // Takes rows off the front of rest until it has about a MB: libpq keeps a copy of what it sends.
  explicit LargeObjectPieces(ByteView& rest) {
    constexpr std::size_t enough = std::size_t{1} << 20;
    auto take = [&](std::size_t size) {
      if (rest.size() < size) throw Error(Fault::damaged, "a chunk of large objects ends within a row");
      ByteView taken = rest.substr(0, size);
      rest.remove_prefix(size);
      return taken;
    };
    for (; !rest.empty() && pieces.size() < enough; ++count) {
      if (take(2) != ByteView("\0\3", 2)) throw Error(Fault::damaged, "a row of large objects has not three fields");
      for (std::string* out : {&oids, &positions, &pieces}) {
        ByteView length = take(4);
        std::uint32_t size;
        std::memcpy(&size, length.data(), sizeof size);
        out->append(length).append(take(__builtin_bswap32(size)));
      }
    }
  }
  pg::Parameter array(pg::Oid type, pg::Oid element, const std::string& items) const { return {type, array_header(element, count) + items}; }
};

void load_large_objects(pg::Connection& connection, const format::Chunk& chunk) {
  connection.exec("BEGIN");
  try {
    for (ByteView rest = chunk.raw.view(); !rest.empty();) {
      LargeObjectPieces rows(rest);
      const pg::Parameter parameters[] = {rows.array(oid_array, oid_type, rows.oids), rows.array(int8_array, int8_type, rows.positions),
                                          rows.array(bytea_array, bytea_type, rows.pieces)};
      connection.query("SELECT pg_catalog.count(pg_catalog.lo_put(o, p, b)) FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3)) AS piece(o, p, b)", parameters);
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

void copy_rows(pg::Connection& connection, const model::DataSpec& data, const format::Chunk& chunk) {
  bool binary = chunk.format == model::CopyFormat::binary;
  connection.begin_copy_in(fmt::format("COPY {} FROM STDIN{}", data.target, binary ? " (FORMAT binary)" : ""));
  if (binary) {
    static const std::string header = std::string(format::CopyRows::signature) + std::string(8, '\0');
    connection.put_copy(header);
  }
  connection.put_copy(chunk.raw.view());
  if (binary) connection.put_copy(format::CopyRows::trailer);
  std::uint64_t taken = connection.end_copy();
  if (taken != chunk.rows)
    throw Error(Fault::damaged, fmt::format("the server took {} rows of a chunk of {}", taken, chunk.rows));
}

}  // namespace

void load_chunk(pg::Connection& connection, const model::Entry& entry, const format::Chunk& chunk) {
  if (entry.data->load == model::DataSpec::Load::large_objects) load_large_objects(connection, chunk);
  else copy_rows(connection, *entry.data, chunk);
}

}  // namespace pghaul::restore
