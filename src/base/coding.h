// Little-endian integers and length-prefixed strings, as every block of an archive uses them.
// The Reader is for hostile input: each length is checked against what is left before it is used.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace pghaul {

static_assert(std::endian::native == std::endian::little, "the coding below stores integers as they stand in memory");

class ByteWriter {
 public:
  template <typename T>
    requires std::is_integral_v<T>
  void put(T value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  // u32 length, then the bytes.
  void put_string(std::string_view text) {
    if (text.size() > UINT32_MAX) throw Error(Fault::internal, "a string of over 4 GiB cannot be coded");
    put(static_cast<std::uint32_t>(text.size()));
    out_.append(text);
  }
  std::string& bytes() { return out_; }

 private:
  std::string out_;
};

class ByteReader {
 public:
  // what names the bytes in errors: "catalog block". It must outlive the reader.
  ByteReader(ByteView bytes, std::string_view what) : rest_(bytes), what_(what) {}

  template <typename T>
    requires std::is_integral_v<T>
  T get() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view get_string() { return take(get<std::uint32_t>()); }
  // A count of things that each take at least min_size bytes: refused when they cannot be there.
  std::uint32_t get_count(std::size_t min_size) {
    auto count = get<std::uint32_t>();
    if (count > rest_.size() / min_size) fail("holds a count that its size does not allow");
    return count;
  }
  ByteView take(std::size_t size) {
    if (size > rest_.size()) fail("ends in the middle of a value");
    ByteView taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  bool at_end() const { return rest_.empty(); }
  std::size_t left() const { return rest_.size(); }
  [[noreturn]] void fail(std::string_view why) const {
    throw Error(Fault::damaged, std::string(what_) + " " + std::string(why));
  }

 private:
  ByteView rest_;
  std::string_view what_;
};

}  // namespace pghaul
