// Archives as files: the overview, from the footer or by a scan, and random access by relation.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "format/archive.h"
#include "format/tally.h"
#include "format/walk.h"

namespace pghaul::format {
namespace {

// What the end of a file tells.
struct Tail {
  Totals totals;
  Index index;
};

class TailReader {
 public:
  TailReader(const Bytes& bytes, const Context& context) : bytes_(bytes), context_(context) {}

  // False when there is no footer at all: the archive is incomplete.
  bool read(Tail& tail) {
    layout::Footer footer;
    if (bytes_.size() < sizeof(layout::FileHeader) + sizeof footer) return false;
    std::uint64_t at = bytes_.size() - sizeof footer;
    bytes_.read(at, reinterpret_cast<char*>(&footer), sizeof footer);
    if (std::memcmp(footer.end_magic, layout::end_magic, sizeof footer.end_magic) != 0) return false;
    if (auto problem = footer_problem(footer, context_.uuid, at); !problem.empty()) fail(problem);
    if (footer.file_bytes != bytes_.size() || footer.index_bytes > at ||
        footer.index_offset != at - footer.index_bytes)
      fail("its footer does not agree with its size");
    tail.index = decode_index(index_bytes(footer));
    tail.totals = sum(footer, tail.index);
    return true;
  }

 private:
  [[noreturn]] void fail(std::string_view why) const {
    throw Error(Fault::damaged, fmt::format("{}: {}", printable(context_.path), why))
        .hint("Take another copy of the archive, or dump again.");
  }

  std::string index_bytes(const layout::Footer& footer) const {
    std::string bytes;
    std::uint64_t at = footer.index_offset;
    Buffer stored, scratch;
    for (std::uint32_t number = 0; number < footer.index_blocks; ++number) {
      Block block;
      bytes_.read(at, reinterpret_cast<char*>(&block.header), sizeof block.header);
      block.offset = at;
      if (auto problem = header_problem(block, context_.uuid); !problem.empty()) fail(problem);
      if (block.type() != BlockType::index || block.header.number != number) fail("its index has a gap");
      bytes += open_block(context_, block, bytes_.view(block.payload(), block.header.stored_bytes, stored),
                          scratch);
      at = block.end();
    }
    if (at != footer.index_offset + footer.index_bytes)
      fail("its index has another size than its footer says");
    return bytes;
  }

  // The totals, after they have been held against the chunks and the footer.
  Totals sum(const layout::Footer& footer, const Index& index) const {
    std::map<model::EntryId, RelationEnd> found;
    Totals totals;
    for (const auto& chunk : index.chunks) {
      bool inside = chunk.stored_bytes <= chunk.raw_bytes && chunk.raw_bytes <= layout::max_raw_bytes &&
                    chunk.offset < footer.index_offset &&
                    chunk.stored_bytes < footer.index_offset - chunk.offset;
      RelationEnd& sums = found[chunk.relation];
      if (!inside || chunk.number != sums.chunks) fail("its index is invalid");
      ++sums.chunks, sums.rows += chunk.rows, sums.raw_bytes += chunk.raw_bytes;
    }
    for (const auto& record : index.relations) {
      RelationEnd end;
      if (auto problem = read_record(record, end); !problem.empty()) fail(problem);
      RelationEnd sums = std::exchange(found[end.relation], {});
      if (sums.chunks != end.chunks || sums.rows != end.rows || sums.raw_bytes != end.raw_bytes)
        fail("its index contradicts itself");
      totals.rows += end.rows, totals.raw_bytes += end.raw_bytes, totals.chunks += end.chunks;
      totals.relations.push_back(end);
    }
    totals.stored_bytes = footer.file_bytes;
    if (totals.chunks != index.chunks.size() || footer.chunks != totals.chunks ||
        footer.rows != totals.rows || footer.raw_bytes != totals.raw_bytes ||
        footer.relations != totals.relations.size())
      fail("its footer does not agree with its index");
    return totals;
  }

  const Bytes& bytes_;
  const Context& context_;
};

[[noreturn]] void no_footer(const std::string& path) {
  throw Error(Fault::incomplete, fmt::format("{} is incomplete: it has no footer", printable(path)))
      .hint(
          "The dump did not finish, or the copy of the archive is cut off. pghaul verify tells what is "
          "there.");
}

// A chunk that is read when it is decoded.
class PlacedChunk final : public PendingChunk {
 public:
  PlacedChunk(std::shared_ptr<const Bytes> bytes, std::shared_ptr<const Context> context,
              const layout::ChunkRecord& record)
      : bytes_(std::move(bytes)), context_(std::move(context)), record_(record) {
    relation = record.relation, number = record.number, raw_bytes = record.raw_bytes, rows = record.rows;
  }

  ChunkPtr decode() override {
    Buffer stored;
    ByteView there = bytes_->view(record_.offset, sizeof(BlockHeader) + record_.stored_bytes, stored);
    Block block;
    block.offset = record_.offset;
    std::memcpy(&block.header, there.data(), sizeof block.header);
    auto chunk = std::make_shared<Chunk>();
    if (auto problem = header_problem(block, context_->uuid); !problem.empty()) {
      block.header.type = static_cast<std::uint16_t>(BlockType::chunk);  // to be named as what it should be
      block.header.relation = relation, block.header.number = number;
      context_->damaged(block, problem);
    }
    const BlockHeader& header = block.header;
    if (block.type() != BlockType::chunk || header.relation != relation || header.number != number ||
        header.rows != rows || header.raw_bytes != raw_bytes || header.stored_bytes != record_.stored_bytes)
      context_->damaged(block, "it is not what the index says");
    ByteView raw = open_block(*context_, block, there.substr(sizeof header), chunk->raw);
    if (raw.data() != chunk->raw.data()) chunk->raw.append(raw);
    describe(header, *chunk);
    return chunk;
  }

 private:
  std::shared_ptr<const Bytes> bytes_;
  std::shared_ptr<const Context> context_;
  layout::ChunkRecord record_;
};

class IndexedArchive final : public ArchiveFile {
 public:
  explicit IndexedArchive(const std::string& path) : bytes_(open_bytes(path)) {
    auto input = input_from(bytes_);
    Walk walk(*input, path);
    walk.read_head();
    context_ = walk.context();
    inventory_ = walk.take_inventory();
    if (!TailReader(*bytes_, *context_).read(tail_)) no_footer(path);
  }

  const model::Inventory& inventory() const override { return inventory_; }
  model::Inventory take_inventory() override { return std::move(inventory_); }
  const Totals& totals() const override { return tail_.totals; }

  std::vector<std::unique_ptr<PendingChunk>> chunks(model::EntryId relation) override {
    auto before = [](const layout::ChunkRecord& record, model::EntryId id) { return record.relation < id; };
    auto at = std::lower_bound(tail_.index.chunks.begin(), tail_.index.chunks.end(), relation, before);
    std::vector<std::unique_ptr<PendingChunk>> result;
    for (; at != tail_.index.chunks.end() && at->relation == relation; ++at)
      result.push_back(std::make_unique<PlacedChunk>(bytes_, context_, *at));
    return result;
  }

 private:
  std::shared_ptr<const Bytes> bytes_;
  std::shared_ptr<const Context> context_;
  model::Inventory inventory_;
  Tail tail_;
};

// As far as the blocks go; an early end is not an error here.
void scan_rest(Walk& walk) {
  try {
    while (true) {
      auto step = walk.next();
      if (step == Walk::Step::end) return;
      if (step != Walk::Step::relation_end) walk.skip_payload();
    }
  } catch (const Error& error) {
    if (error.fault() != Fault::incomplete) throw;
  }
}

}  // namespace

std::string to_string(const Uuid& uuid) {
  std::string text;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", uuid[i]);
  }
  return text;
}

Overview read_overview(const std::string& path, bool scan) {
  auto bytes = open_bytes(path);
  auto input = input_from(bytes);
  Walk walk(*input, path);
  walk.read_head();
  Tail tail;
  bool complete = TailReader(*bytes, *walk.context()).read(tail);
  if (!complete && !scan) no_footer(path);
  if (!complete) scan_rest(walk);
  Overview overview = walk.take_overview();
  overview.file_bytes = bytes->size();
  overview.complete = complete;
  if (complete) overview.totals = std::move(tail.totals);
  return overview;
}

std::unique_ptr<ArchiveFile> open_archive(const std::string& path) {
  return std::make_unique<IndexedArchive>(path);
}

}  // namespace pghaul::format
