#include "format/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/coding.h"
#include "format/block.h"

namespace pghaul::format {

Tally::Tally(const model::Inventory& inventory, Fault fault) : fault_(fault) {
  for (const model::Entry& entry : inventory.entries) {
    if (!entry.data) continue;
    Relation& relation = relations_[entry.id];
    relation.name = printable(entry.schema.empty() ? entry.name : entry.schema + "." + entry.name);
    relation.sums.relation = entry.id;
    relation.sums.format = entry.data->format;
  }
}

void Tally::fail(const Relation& relation, std::string_view why) const {
  throw Error(fault_, fmt::format("{}: {}", relation.name, why));
}

Tally::Relation& Tally::relation(model::EntryId id) {
  auto found = relations_.find(id);
  if (found == relations_.end())
    throw Error(fault_, fmt::format("entry {} is none that has rows, and yet there are some", id));
  return found->second;
}

const std::string& Tally::name(model::EntryId id) const {
  static const std::string unknown = "an unknown relation";
  auto found = relations_.find(id);
  return found == relations_.end() ? unknown : found->second.name;
}

bool Tally::add(const ChunkFacts& chunk) {
  Relation& owner = relation(chunk.relation);
  Mark mark{chunk.offset, chunk.rows, chunk.raw_bytes, chunk.stored_bytes, chunk.digest, chunk.checksum};
  auto [at, is_new] = owner.chunks.try_emplace(chunk.number, mark);
  if (!is_new) {
    const Mark& first = at->second;
    bool same = first.rows == mark.rows && first.raw_bytes == mark.raw_bytes && first.digest == mark.digest &&
                first.checksum == mark.checksum && owner.sums.format == chunk.format;
    if (!same) fail(owner, fmt::format("chunk {} comes twice, with different rows", chunk.number));
    return false;
  }
  if (owner.ended) fail(owner, fmt::format("chunk {} comes after the relation's end", chunk.number));
  if (owner.sums.chunks > 0 && owner.sums.format != chunk.format)
    fail(owner, fmt::format("chunk {} has another form than those before it", chunk.number));
  owner.sums.format = chunk.format;
  owner.highest = std::max(owner.highest, chunk.number);
  ++owner.sums.chunks, ++totals_.chunks;
  owner.sums.rows += chunk.rows, totals_.rows += chunk.rows;
  owner.sums.raw_bytes += chunk.raw_bytes, totals_.raw_bytes += chunk.raw_bytes;
  owner.sums.digest += chunk.digest;
  return true;
}

bool Tally::has(model::EntryId id, std::uint32_t number) const {
  auto found = relations_.find(id);
  return found != relations_.end() && found->second.chunks.contains(number);
}

void Tally::place(model::EntryId id, std::uint32_t number, std::uint64_t offset, std::uint64_t stored_bytes) {
  Mark& mark = relation(id).chunks.at(number);
  mark.offset = offset, mark.stored_bytes = stored_bytes;
}

void Tally::end(const RelationEnd& end) {
  Relation& owner = relation(end.relation);
  if (owner.ended) fail(owner, "it ends twice");
  const RelationEnd& sums = owner.sums;
  if (sums.chunks > 0 && owner.highest != sums.chunks - 1)
    fail(owner, "a chunk between its others is missing");
  if (end.chunks != sums.chunks)
    fail(owner, fmt::format("it has {} chunks, and ends as if it had {}", sums.chunks, end.chunks));
  if (end.rows != sums.rows)
    fail(owner, fmt::format("its chunks have {} rows, and it ends as if they had {}", sums.rows, end.rows));
  if (end.raw_bytes != sums.raw_bytes)
    fail(owner, fmt::format("its chunks have {} bytes, and it ends as if they had {}", sums.raw_bytes,
                            end.raw_bytes));
  if (end.digest != sums.digest) fail(owner, "the digest at its end is not the sum of its chunks' digests");
  if (end.chunks > 0 && end.format != sums.format)
    fail(owner, "it ends with another form than its chunks have");
  owner.ended = true;
  totals_.relations.push_back(end);
}

void Tally::check_all_ended() const {
  for (const auto& [id, owner] : relations_)
    if (owner.sums.chunks > 0 && !owner.ended) fail(owner, "it has chunks and no end");
}

void Tally::order_ends(const std::vector<model::EntryId>& order) {
  std::unordered_map<model::EntryId, std::size_t> position;
  for (model::EntryId id : order) position.emplace(id, position.size());
  bool same = position.size() == totals_.relations.size() && order.size() == position.size();
  for (const RelationEnd& end : totals_.relations) same = same && position.contains(end.relation);
  if (!same) throw Error(fault_, "the relations' ends in the stream are not those that were given");
  std::sort(totals_.relations.begin(), totals_.relations.end(),
            [&](const auto& a, const auto& b) { return position[a.relation] < position[b.relation]; });
}

std::vector<RelationEnd> Tally::unfinished() const {
  std::vector<RelationEnd> result;
  for (const auto& [id, owner] : relations_)
    if (owner.sums.chunks > 0 && !owner.ended) result.push_back(owner.sums);
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.relation < b.relation; });
  return result;
}

Index Tally::index() const {
  Index index;
  for (const RelationEnd& end : totals_.relations) index.relations.push_back(to_record(end));
  for (const auto& [id, owner] : relations_)
    for (const auto& [number, mark] : owner.chunks)
      index.chunks.push_back({mark.offset, id, number, mark.rows, mark.raw_bytes, mark.stored_bytes});
  std::sort(index.chunks.begin(), index.chunks.end(), [](const auto& a, const auto& b) {
    return std::tie(a.relation, a.number) < std::tie(b.relation, b.number);
  });
  return index;
}

std::string encode_index(const Index& index) {
  layout::IndexHead head{};
  head.relations = static_cast<std::uint32_t>(index.relations.size());
  head.chunks = index.chunks.size();
  std::string bytes(bytes_of(head));
  for (const auto& record : index.relations) bytes += bytes_of(record);
  for (const auto& record : index.chunks) bytes += bytes_of(record);
  return bytes;
}

namespace {

template <typename Record>
void take_records(ByteReader& reader, std::uint64_t count, std::vector<Record>& records) {
  if (count > reader.left() / sizeof(Record)) reader.fail("holds a count that its size does not allow");
  records.resize(count);
  ByteView bytes = reader.take(count * sizeof(Record));
  if (count > 0) std::memcpy(records.data(), bytes.data(), bytes.size());
}

}  // namespace

Index decode_index(ByteView bytes) {
  ByteReader reader(bytes, "the index");
  layout::IndexHead head;
  std::memcpy(&head, reader.take(sizeof head).data(), sizeof head);
  Index index;
  take_records(reader, head.relations, index.relations);
  take_records(reader, head.chunks, index.chunks);
  if (head.reserved != 0 || !reader.at_end()) reader.fail("holds more than its counts say");
  return index;
}

bool operator==(const Index& a, const Index& b) {
  auto same = [](const auto& x, const auto& y) { return bytes_of(x) == bytes_of(y); };
  return a.chunks == b.chunks &&
         std::equal(a.relations.begin(), a.relations.end(), b.relations.begin(), b.relations.end(), same);
}

}  // namespace pghaul::format
