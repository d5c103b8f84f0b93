// Bytes in memory: a growable buffer that does not clear what it grows by, and views on bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace pghaul {

// A view on bytes. string_view, because libpq, zstd and fmt all speak char.
using ByteView = std::string_view;

// A growable byte buffer. Move-only; unlike std::string, growing it leaves the new bytes as they are. What a large one (from 1 MiB)
// leaves behind is kept for the next: chunks come and go by the thousand, made by one thread and dropped by another.
// Not thread-safe. Throws std::bad_alloc.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t capacity) { reserve(capacity); }
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_), std::swap(size_, other.size_), std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~Buffer() { release(data_, capacity_); }

  char* data() { return data_; }
  const char* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  ByteView view() const { return {data_, size_}; }

  void clear() { size_ = 0; }
  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    if (capacity >= large) return reserve_large(capacity);
    auto* grown = static_cast<char*>(std::realloc(data_, capacity));
    if (!grown) throw std::bad_alloc();
    data_ = grown, capacity_ = capacity;
  }
  // New bytes are indeterminate.
  void resize(std::size_t size) {
    if (size > capacity_) reserve(size + size / 2);
    size_ = size;
  }
  void append(ByteView bytes) {
    if (bytes.empty()) return;
    std::size_t at = size_;
    resize(size_ + bytes.size());
    std::memcpy(data_ + at, bytes.data(), bytes.size());
  }

 private:
  static constexpr std::size_t large = std::size_t{1} << 20;
  void reserve_large(std::size_t capacity);
  static void release_large(char* data, std::size_t capacity) noexcept;
  static void release(char* data, std::size_t capacity) noexcept { capacity < large ? std::free(data) : release_large(data, capacity); }

  char* data_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace pghaul
