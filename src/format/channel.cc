// The stream in memory, and the tee. The channel keeps the same account as an archive does, so that a wrong
// stream is found in a copy as well.
#include "format/channel.h"

#include <condition_variable>
#include <mutex>
#include <type_traits>

#include "base/error.h"
#include "base/queue.h"
#include "format/tally.h"

namespace pghaul::format {
namespace {

class ReadyChunk final : public PendingChunk {
 public:
  explicit ReadyChunk(ChunkPtr chunk) : chunk_(std::move(chunk)) {
    relation = chunk_->relation, number = chunk_->number;
    raw_bytes = chunk_->raw.size(), rows = chunk_->rows;
  }
  ChunkPtr decode() override { return std::move(chunk_); }

 private:
  ChunkPtr chunk_;
};

// What both ends hold; it lives as long as either.
class Shared {
 public:
  explicit Shared(std::size_t capacity) : queue(std::max<std::size_t>(capacity, 1)) {}

  void fail(std::exception_ptr why) noexcept {
    {
      std::lock_guard lock(mutex);
      if (!failure) failure = why;
    }
    begun.notify_all();
    queue.fail(why);
  }
  void throw_failure() const {
    if (failure) std::rethrow_exception(failure);
  }

  using Waiting = std::variant<ChunkPtr, RelationEnd>;
  BoundedQueue<Waiting> queue;
  std::mutex mutex;  // guards the rest
  std::condition_variable begun;
  std::exception_ptr failure;
  InventoryPtr inventory;
  std::optional<Tally> tally;
  bool finished = false;
  Totals totals;
};

class ChannelSink final : public Sink {
 public:
  explicit ChannelSink(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  ~ChannelSink() override {
    if (!finished_)
      fail(std::make_exception_ptr(Error(Fault::incomplete, "the stream was given up before its end")));
  }

  void begin(InventoryPtr inventory) override {
    std::lock_guard lock(shared_->mutex);
    shared_->throw_failure();
    if (shared_->inventory) throw Error(Fault::internal, "the stream has begun already");
    shared_->inventory = std::move(inventory);
    shared_->tally.emplace(*shared_->inventory, Fault::internal);
    shared_->begun.notify_all();
  }

  void put(ChunkPtr chunk) override {
    {
      std::lock_guard lock(shared_->mutex);
      bool is_new = tally().add({.relation = chunk->relation,
                                 .number = chunk->number,
                                 .format = chunk->format,
                                 .rows = chunk->rows,
                                 .raw_bytes = chunk->raw.size(),
                                 .digest = chunk->digest,
                                 .checksum = {}});
      if (!is_new) return;
    }
    shared_->queue.push(std::move(chunk));
  }

  void end_relation(const RelationEnd& end) override {
    {
      std::lock_guard lock(shared_->mutex);
      tally().end(end);
    }
    shared_->queue.push(end);
  }

  Totals finish() override {
    Totals totals;
    {
      std::lock_guard lock(shared_->mutex);
      tally().check_all_ended();
      totals = shared_->totals = shared_->tally->totals();
      shared_->finished = true;
    }
    shared_->queue.close();
    finished_ = true;
    return totals;
  }

  void fail(std::exception_ptr failure) noexcept override { shared_->fail(std::move(failure)); }

 private:
  Tally& tally() {
    shared_->throw_failure();
    if (!shared_->tally) throw Error(Fault::internal, "something comes before the catalog");
    if (shared_->finished) throw Error(Fault::internal, "something comes after the end of the stream");
    return *shared_->tally;
  }

  std::shared_ptr<Shared> shared_;
  bool finished_ = false;
};

class ChannelSource final : public Source {
 public:
  explicit ChannelSource(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  ~ChannelSource() override {
    fail(std::make_exception_ptr(Error(Fault::cancelled, "whoever reads the stream has gone")));
  }

  const model::Inventory& inventory() override {
    std::unique_lock lock(shared_->mutex);
    shared_->begun.wait(lock, [&] { return shared_->failure || shared_->inventory; });
    shared_->throw_failure();
    return *shared_->inventory;
  }

  std::optional<Item> next() override {
    auto waiting = shared_->queue.pop();
    if (!waiting) return std::nullopt;
    if (auto* chunk = std::get_if<ChunkPtr>(&*waiting))
      return std::make_unique<ReadyChunk>(std::move(*chunk));
    return std::get<RelationEnd>(*waiting);
  }

  const Totals& totals() const override { return shared_->totals; }
  void fail(std::exception_ptr failure) noexcept override { shared_->fail(std::move(failure)); }

 private:
  std::shared_ptr<Shared> shared_;
};

class Tee final : public Sink {
 public:
  Tee(std::unique_ptr<Sink> channel, std::unique_ptr<Sink> archive)
      : channel_(std::move(channel)), archive_(std::move(archive)) {}

  void begin(InventoryPtr inventory) override {
    both([&] { archive_->begin(inventory), channel_->begin(inventory); });
  }
  void put(ChunkPtr chunk) override {
    both([&] { archive_->put(chunk), channel_->put(chunk); });
  }
  void end_relation(const RelationEnd& end) override {
    both([&] { archive_->end_relation(end), channel_->end_relation(end); });
  }
  // The archive first: a copy is not told to be done while its archive may still fail.
  Totals finish() override {
    return both([&] {
      Totals totals = archive_->finish();
      channel_->finish();
      return totals;
    });
  }
  void fail(std::exception_ptr failure) noexcept override {
    archive_->fail(failure);
    channel_->fail(failure);
  }

 private:
  // One side's failure is the other's too, at once.
  template <typename Body>
  auto both(Body&& body) -> std::invoke_result_t<Body> {
    try {
      return body();
    } catch (...) {
      fail(std::current_exception());
      throw;
    }
  }
  std::unique_ptr<Sink> channel_, archive_;
};

}  // namespace

Channel make_channel(std::size_t capacity_chunks) {
  auto shared = std::make_shared<Shared>(capacity_chunks);
  return {std::make_unique<ChannelSink>(shared), std::make_unique<ChannelSource>(shared)};
}

std::unique_ptr<Sink> make_tee(std::unique_ptr<Sink> channel, std::unique_ptr<Sink> archive) {
  return std::make_unique<Tee>(std::move(channel), std::move(archive));
}

}  // namespace pghaul::format
