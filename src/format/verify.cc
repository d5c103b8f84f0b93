// Verify: a walk over all headers tells within a moment whether the archive is whole; then threads take the
// chunks in file order, and check and take apart every byte of them.
#include "format/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "base/workers.h"
#include "format/rows.h"
#include "format/walk.h"

namespace pghaul::format {
namespace {

constexpr std::size_t max_named_problems = 20;

class Payloads {
 public:
  Payloads(const Bytes& bytes, const Context& context, std::vector<Block> blocks,
           const VerifyOptions& options)
      : bytes_(bytes), context_(context), blocks_(std::move(blocks)), options_(options) {}

  void check_stored() const {
    Buffer scratch;
    for (const Block& block : blocks_)
      if (!stored_matches(block.header, context_.uuid, stored(block, scratch)))
        context_.damaged(block, "its stored bytes do not match their checksum");
  }

  void check_all() {
    Workers workers([this](std::exception_ptr) { next_ = blocks_.size(); });
    auto threads = std::max<std::size_t>(1, std::min<std::size_t>(options_.threads, blocks_.size()));
    for (std::size_t i = 0; i < threads; ++i) workers.start([this] { check_next(); });
    workers.join();
    throw_problems();
  }

 private:
  ByteView stored(const Block& block, Buffer& scratch) const {
    return bytes_.view(block.payload(), static_cast<std::size_t>(block.header.stored_bytes), scratch);
  }

  void check_next() {
    Buffer file_scratch, raw_scratch;
    for (std::size_t i; (i = next_++) < blocks_.size();) {
      const Block& block = blocks_[i];
      try {
        ByteView raw = open_block(context_, block, stored(block, file_scratch), raw_scratch);
        check_rows(block, raw);
      } catch (const Error& error) {
        if (error.fault() != Fault::damaged) throw;
        std::lock_guard lock(mutex_);
        problems_.emplace_back(block.offset, error);
      }
      std::uint64_t done = done_ += block.header.raw_bytes;
      if (options_.progress) options_.progress(done);
    }
  }

  void check_rows(const Block& block, ByteView raw) const {
    RowSums sums;
    try {
      sums = sum_rows(raw, static_cast<model::CopyFormat>(block.header.copy_format));
    } catch (const Error& error) {
      context_.damaged(block, error.message());
    }
    if (sums.rows != block.header.rows)
      context_.damaged(block,
                       fmt::format("it has {} rows, and its header says {}", sums.rows, block.header.rows));
    if (sums.digest != Digest{block.header.digest_low, block.header.digest_high})
      context_.damaged(block, "its rows do not add up to its digest");
  }

  // The first one, with the others as its detail.
  void throw_problems() {
    if (problems_.empty()) return;
    std::sort(problems_.begin(), problems_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string others;
    for (std::size_t i = 1; i < std::min(problems_.size(), max_named_problems); ++i)
      others += problems_[i].second.message() + "\n";
    if (problems_.size() > 1)
      others += fmt::format("{} of {} chunks are damaged", problems_.size(), blocks_.size());
    Error first = problems_.front().second;
    throw std::move(first).detail(std::move(others));
  }

  const Bytes& bytes_;
  const Context& context_;
  const std::vector<Block> blocks_;
  const VerifyOptions& options_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  std::mutex mutex_;
  std::vector<std::pair<std::uint64_t, Error>> problems_;
};

}  // namespace

Overview verify_bytes(std::shared_ptr<const Bytes> bytes, const std::string& path,
                      const VerifyOptions& options) {
  auto input = input_from(bytes);
  Walk walk(*input, path);
  walk.read_head();
  std::vector<Block> blocks;
  for (auto step = walk.next(); step != Walk::Step::end; step = walk.next()) {
    if (step == Walk::Step::relation_end) continue;
    blocks.push_back(walk.block());
    walk.skip_payload();
  }
  Payloads payloads(*bytes, *walk.context(), std::move(blocks), options);
  if (options.stored_first) payloads.check_stored();
  payloads.check_all();
  return walk.take_overview();
}

Overview verify_archive(const std::string& path, unsigned threads,
                        const std::function<void(std::uint64_t)>& progress) {
  return verify_bytes(open_bytes(path), path,
                      {.threads = threads, .stored_first = false, .progress = progress});
}

}  // namespace pghaul::format
