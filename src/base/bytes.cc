#include "base/bytes.h"

#include <algorithm>
#include <mutex>
#include <vector>

namespace pghaul {
namespace {

constexpr std::size_t granule = std::size_t{512} << 10;     // so that chunks of about one size fit each other's memory
constexpr std::size_t largest_kept = std::size_t{8} << 20;
constexpr std::size_t kept = 8;

struct Block {
  char* data = nullptr;
  std::size_t capacity = 0;
};

// Memory of buffers that are gone. Thread-safe.
class Spares {
 public:
  Spares() { blocks_.reserve(kept); }

  // The smallest that is large enough and not much too large; or none.
  Block take(std::size_t capacity) {
    std::lock_guard lock(mutex_);
    auto best = blocks_.end();
    for (auto block = blocks_.begin(); block != blocks_.end(); ++block)
      if (block->capacity >= capacity && block->capacity / 2 <= capacity && (best == blocks_.end() || block->capacity < best->capacity)) best = block;
    if (best == blocks_.end()) return {};
    std::swap(*best, blocks_.back());
    Block taken = blocks_.back();
    blocks_.pop_back();
    return taken;
  }

  void give(Block block) noexcept {
    {
      std::lock_guard lock(mutex_);
      if (blocks_.size() < kept && block.capacity <= largest_kept) return blocks_.push_back(block);
    }
    std::free(block.data);
  }

 private:
  std::mutex mutex_;
  std::vector<Block> blocks_;
};

// Never destroyed: buffers may outlive whatever is.
Spares& spares() {
  static Spares& all = *new Spares;
  return all;
}

}  // namespace

void Buffer::reserve_large(std::size_t capacity) {
  if (capacity > SIZE_MAX - granule) throw std::bad_alloc();
  capacity = (capacity + granule - 1) / granule * granule;
  if (Block spare = spares().take(capacity); spare.data) {
    if (size_) std::memcpy(spare.data, data_, size_);
    release(data_, capacity_);
    data_ = spare.data, capacity_ = spare.capacity;
    return;
  }
  auto* grown = static_cast<char*>(std::realloc(data_, capacity));
  if (!grown) throw std::bad_alloc();
  data_ = grown, capacity_ = capacity;
}

void Buffer::release_large(char* data, std::size_t capacity) noexcept { spares().give({data, capacity}); }

}  // namespace pghaul
