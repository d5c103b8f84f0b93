#include "format/selected.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

namespace pghaul::format {
namespace {

using Numbers = std::unordered_map<model::EntryId, model::EntryId>;  // of the stream -> of the selection

Numbers numbers(const std::vector<model::EntryId>& from) {
  Numbers all;
  for (std::size_t i = 0; i < from.size(); ++i) all.emplace(from[i], static_cast<model::EntryId>(i + 1));
  return all;
}

Totals renumbered(const Totals& totals, const Numbers& numbers) {
  Totals kept;
  for (RelationEnd end : totals.relations) {
    auto found = numbers.find(end.relation);
    if (found == numbers.end()) continue;
    end.relation = found->second;
    kept.rows += end.rows, kept.raw_bytes += end.raw_bytes, kept.chunks += end.chunks;
    kept.relations.push_back(end);
  }
  kept.stored_bytes = totals.stored_bytes;
  return kept;
}

class RenumberedChunk : public PendingChunk {
 public:
  RenumberedChunk(std::unique_ptr<PendingChunk> chunk, model::EntryId number_here) : chunk_(std::move(chunk)) {
    relation = number_here;
    number = chunk_->number, raw_bytes = chunk_->raw_bytes, rows = chunk_->rows;
  }
  // Its checksums are those of its number in the stream.
  ChunkPtr decode() override { return chunk_->decode(); }

 private:
  std::unique_ptr<PendingChunk> chunk_;
};

class SelectedSource : public Source {
 public:
  SelectedSource(std::unique_ptr<Source> source, model::Inventory inventory, const std::vector<model::EntryId>& from)
      : source_(std::move(source)), inventory_(std::move(inventory)), numbers_(numbers(from)) {}

  const model::Inventory& inventory() override { return inventory_; }

  std::optional<Item> next() override {
    while (auto item = source_->next()) {
      bool is_end = std::holds_alternative<RelationEnd>(*item);
      auto found = numbers_.find(is_end ? std::get<RelationEnd>(*item).relation : std::get<std::unique_ptr<PendingChunk>>(*item)->relation);
      if (found == numbers_.end()) continue;
      if (is_end) {
        std::get<RelationEnd>(*item).relation = found->second;
        return item;
      }
      return std::make_unique<RenumberedChunk>(std::move(std::get<std::unique_ptr<PendingChunk>>(*item)), found->second);
    }
    totals_ = renumbered(source_->totals(), numbers_);
    return std::nullopt;
  }

  const Totals& totals() const override { return totals_; }
  void fail(std::exception_ptr failure) noexcept override { source_->fail(failure); }

 private:
  std::unique_ptr<Source> source_;
  model::Inventory inventory_;
  Numbers numbers_;
  Totals totals_;
};

class OrderedSource : public Source {
 public:
  OrderedSource(std::unique_ptr<ArchiveFile> file, model::Inventory inventory, const std::vector<model::EntryId>& from)
      : file_(std::move(file)), inventory_(std::move(inventory)), from_(from), totals_(renumbered(file_->totals(), numbers(from))) {
    std::sort(totals_.relations.begin(), totals_.relations.end(), [](const RelationEnd& a, const RelationEnd& b) { return a.relation < b.relation; });
  }

  const model::Inventory& inventory() override { return inventory_; }

  std::optional<Item> next() override {
    std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
    for (;;) {
      if (chunk_ < chunks_.size()) return std::make_unique<RenumberedChunk>(std::move(chunks_[chunk_++]), totals_.relations[relation_].relation);
      if (began_) return began_ = false, chunks_.clear(), totals_.relations[relation_++];
      if (relation_ == totals_.relations.size()) return std::nullopt;
      chunks_ = file_->chunks(from_[totals_.relations[relation_].relation - 1]);
      chunk_ = 0, began_ = true;
    }
  }

  const Totals& totals() const override { return totals_; }
  void fail(std::exception_ptr failure) noexcept override {
    std::lock_guard lock(mutex_);
    if (!failure_) failure_ = failure;
  }

 private:
  std::unique_ptr<ArchiveFile> file_;
  model::Inventory inventory_;
  std::vector<model::EntryId> from_;
  Totals totals_;
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::size_t relation_ = 0, chunk_ = 0;
  bool began_ = false;  // the relation's chunks are being handed out
  std::vector<std::unique_ptr<PendingChunk>> chunks_;
};

}  // namespace

std::unique_ptr<Source> make_ordered(std::unique_ptr<ArchiveFile> file, model::Inventory inventory, const std::vector<model::EntryId>& from) {
  return std::make_unique<OrderedSource>(std::move(file), std::move(inventory), from);
}

std::unique_ptr<Source> make_selected(std::unique_ptr<Source> source, model::Inventory inventory, const std::vector<model::EntryId>& from) {
  return std::make_unique<SelectedSource>(std::move(source), std::move(inventory), from);
}

Totals selected_totals(const Totals& totals, const std::vector<model::EntryId>& from) { return renumbered(totals, numbers(from)); }

}  // namespace pghaul::format
