// The archive as a Source: one thread at a time reads stored blocks, many decode them. Works on a pipe.
#include <mutex>
#include <type_traits>

#include "format/archive.h"
#include "format/walk.h"

namespace pghaul::format {
namespace {

class StoredChunk final : public PendingChunk {
 public:
  StoredChunk(std::shared_ptr<const Context> context, const Block& block, Buffer stored)
      : context_(std::move(context)), block_(block), stored_(std::move(stored)) {
    relation = block.header.relation, number = block.header.number;
    raw_bytes = block.header.raw_bytes, rows = block.header.rows;
  }

  ChunkPtr decode() override {
    auto chunk = std::make_shared<Chunk>();
    ByteView raw = open_block(*context_, block_, stored_.view(), chunk->raw);
    if (raw.data() != chunk->raw.data()) chunk->raw = std::move(stored_);
    stored_ = Buffer();
    describe(block_.header, *chunk);
    return chunk;
  }

 private:
  std::shared_ptr<const Context> context_;
  Block block_;
  Buffer stored_;
};

class ArchiveSource final : public Source {
 public:
  explicit ArchiveSource(const std::string& path)
      : input_(open_input(path)), walk_(*input_, path == "-" ? "standard input" : path) {}

  const model::Inventory& inventory() override {
    std::lock_guard lock(mutex_);
    guarded([&] { read_head(); });
    return walk_.inventory();
  }

  model::Inventory take_inventory() override {
    inventory();
    std::lock_guard lock(mutex_);
    return walk_.take_inventory();
  }

  std::optional<Item> next() override {
    std::lock_guard lock(mutex_);
    return guarded([&]() -> std::optional<Item> {
      read_head();
      while (!at_end_) {
        switch (walk_.next()) {
          case Walk::Step::chunk: return pending_chunk();
          case Walk::Step::repeated_chunk: check_repeated(); break;
          case Walk::Step::relation_end: return walk_.relation_end();
          case Walk::Step::end: at_end_ = true;
        }
      }
      return std::nullopt;
    });
  }

  const Totals& totals() const override { return walk_.totals(); }

  void fail(std::exception_ptr failure) noexcept override {
    {
      std::lock_guard lock(failure_mutex_);
      if (!failure_) failure_ = std::move(failure);
    }
    input_->interrupt();
  }

 private:
  // A failure told from outside goes before whatever the interrupted read makes of it; every error is for
  // good.
  template <typename Body>
  auto guarded(Body&& body) -> std::invoke_result_t<Body> {
    throw_failure();
    try {
      return body();
    } catch (...) {
      fail(std::current_exception());
      throw_failure();
      throw;
    }
  }
  void throw_failure() {
    std::lock_guard lock(failure_mutex_);
    if (failure_) std::rethrow_exception(failure_);
  }
  void read_head() {
    if (!std::exchange(head_read_, true)) walk_.read_head();
  }
  Item pending_chunk() {
    Buffer stored;
    walk_.read_payload(stored);
    return std::make_unique<StoredChunk>(walk_.context(), walk_.block(), std::move(stored));
  }
  // Its header says that it is the same; whether it is whole is checked all the same.
  void check_repeated() {
    Buffer stored, scratch;
    walk_.read_payload(stored);
    open_block(*walk_.context(), walk_.block(), stored.view(), scratch);
  }

  std::mutex mutex_;  // one reader at a time
  std::unique_ptr<Input> input_;
  Walk walk_;
  bool head_read_ = false, at_end_ = false;

  std::mutex failure_mutex_;
  std::exception_ptr failure_;
};

}  // namespace

std::unique_ptr<Source> read_archive(const std::string& path) {
  return std::make_unique<ArchiveSource>(path);
}

}  // namespace pghaul::format
