#include "format/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "format/capability.h"
#include "format/catalog_coding.h"

namespace pghaul::format {
namespace {

constexpr std::string_view damaged_hint = "Take another copy of the archive, or dump again.";
constexpr std::size_t read_step_bytes =
    std::size_t{16} << 20;  // memory follows the bytes that come, not the length announced

template <std::size_t n, typename T>
bool equals(const T (&magic)[n], const T (&bytes)[n]) {
  return std::equal(std::begin(magic), std::end(magic), std::begin(bytes));
}

}  // namespace

std::string Context::where(const Block& block) const {
  const BlockHeader& header = block.header;
  std::string of;
  if (auto found = relations.find(header.relation); found != relations.end()) of = " of " + found->second;
  switch (block.type()) {
    case BlockType::catalog: return fmt::format("catalog block {} at offset {}", header.number, block.offset);
    case BlockType::chunk: return fmt::format("chunk {}{} at offset {}", header.number, of, block.offset);
    case BlockType::relation_end: return fmt::format("the end{} at offset {}", of, block.offset);
    case BlockType::index: return fmt::format("index block {} at offset {}", header.number, block.offset);
  }
  return fmt::format("the block at offset {}", block.offset);
}

void Context::damaged(const Block& block, std::string_view why) const {
  throw Error(Fault::damaged, fmt::format("{}: {}: {}", printable(path), where(block), why))
      .hint(std::string(damaged_hint));
}

ByteView open_block(const Context& context, const Block& block, ByteView stored, Buffer& scratch) {
  ByteView raw;
  auto problem = open_payload(block.header, context.uuid, stored, scratch, raw);
  if (!problem.empty()) context.damaged(block, problem);
  return raw;
}

void refuse_foreign(const std::string& path, ByteView start) {
  std::string hint = "Give a file that pghaul dump has written.";
  auto begins = [&](ByteView magic) { return start.substr(0, magic.size()) == magic; };
  if (begins("PGDMP")) hint = "It is a custom-format archive of pg_dump: use pg_restore.";
  if (begins("\x1f\x8b") || begins("\x28\xb5\x2f\xfd") ||
      begins("\xfd"
             "7zXZ"))
    hint = "It is compressed: decompress it first.";
  if (begins("--\n")) hint = "It looks like an SQL script: use psql.";
  ByteView ours(reinterpret_cast<const char*>(layout::file_magic), sizeof layout::file_magic);
  if (begins(ours.substr(0, 7)))
    throw Error(Fault::damaged,
                fmt::format("{} was an archive, and its first bytes were changed", printable(path)))
        .hint("Copy it again, in binary mode.");
  throw Error(Fault::unsupported, fmt::format("{} is not a pghaul archive", printable(path)))
      .hint(std::move(hint));
}

Walk::Walk(Input& input, std::string path) : input_(input), context_(std::make_shared<Context>()), ahead_{} {
  context_->path = std::move(path);
}

void Walk::fail(Fault fault, std::string_view what) const {
  throw Error(fault, fmt::format("{}: {}", printable(context_->path), what)).hint(std::string(damaged_hint));
}

void Walk::ends_early(std::string_view during) const {
  std::string there = "nothing but a part of its head is there";
  if (tally_)
    there = fmt::format("{} relations are whole; {} chunks with {} rows are there in all",
                        totals().relations.size(), totals().chunks, totals().rows);
  throw Error(Fault::incomplete, fmt::format("{} is incomplete: it ends after {} bytes, {}; {}",
                                             printable(context_->path), input_.offset(), during, there))
      .hint(
          "The dump did not finish, or the copy of the archive is cut off. Take another copy, or dump "
          "again.");
}

void Walk::read_exactly(char* to, std::size_t size, std::string_view during) {
  if (input_.read(to, size) < size) ends_early(during);
}

void Walk::read_head() {
  read_file_header();
  read_catalog();
}

void Walk::check_versions(const layout::FileHeader& header) const {
  bool too_new = header.reader_major > layout::format_major ||
                 (header.reader_major == layout::format_major && header.reader_minor > layout::format_minor);
  if (too_new || header.format_major > layout::format_major)
    throw Error(
        Fault::unsupported,
        fmt::format("{} has format {}.{}, and this version reads up to {}.{}", printable(context_->path),
                    header.format_major, header.format_minor, layout::format_major, layout::format_minor))
        .hint("Use a newer pghaul: the archive was written by one.");
  auto is_zero = [](auto byte) { return byte == 0; };
  bool sound = header.format_major == layout::format_major && header.reserved_a == 0 &&
               std::all_of(std::begin(header.reserved_b), std::end(header.reserved_b), is_zero) &&
               header.block_header_bytes == sizeof(BlockHeader) &&
               header.capability_count <= layout::max_capabilities &&
               header.header_bytes == sizeof header + header.capability_count * sizeof(layout::Capability) &&
               header.max_raw_bytes <= layout::max_raw_bytes &&
               header.max_part_bytes <= layout::max_part_bytes;
  if (!sound) fail(Fault::damaged, "its header is invalid");
}

void Walk::read_file_header() {
  layout::FileHeader header{};
  std::size_t got = input_.read(reinterpret_cast<char*>(&header), sizeof header);
  std::size_t magic = std::min(got, sizeof header.magic);
  if (!std::equal(header.magic, header.magic + magic, layout::file_magic))
    refuse_foreign(context_->path, {reinterpret_cast<const char*>(&header), got});
  if (got == 0)
    throw Error(Fault::incomplete, fmt::format("{} is empty", printable(context_->path))).hint("Dump again.");
  if (got < sizeof header) ends_early("within its header");
  if (header.checksum != hash64(bytes_of(header).substr(0, offsetof(layout::FileHeader, checksum)), 0))
    fail(Fault::damaged, "its header does not match its checksum");
  check_versions(header);
  std::string table(header.header_bytes - sizeof header, '\0');
  read_exactly(table.data(), table.size(), "within its header");
  if (header.capabilities_checksum != hash64(table, 0))
    fail(Fault::damaged, "its capabilities do not match their checksum");
  Capabilities capabilities =
      with_context([&] { return printable(context_->path); }, [&] { return read_capabilities(table); });
  std::copy(std::begin(header.uuid), std::end(header.uuid), context_->uuid.begin());
  overview_.uuid = context_->uuid;
  overview_.format_major = header.format_major, overview_.format_minor = header.format_minor;
  overview_.created_us = header.created_us;
  overview_.capabilities = std::move(capabilities.names);
  ignored_ = std::move(capabilities.ignored);
}

void Walk::read_catalog() {
  std::string bytes;
  std::uint64_t start = input_.offset();
  do {
    if (!read_block_header() || block_.type() != BlockType::catalog)
      fail(Fault::damaged, "its catalog is missing or has a gap");
    if (catalog_blocks_ == layout::max_catalog_blocks) fail(Fault::damaged, "its catalog is over the limit");
    read_part(catalog_blocks_++, bytes);
  } while (!block_.is_last());
  overview_.catalog_bytes = input_.offset() - start;
  model::Inventory& inventory = overview_.inventory;
  inventory = with_context([&] { return printable(context_->path); }, [&] { return decode_inventory(bytes); });
  for (const std::string& name : ignored_)
    inventory.warnings.push_back(fmt::format(
        "the archive makes use of \"{}\", which this version does not know and passes over", name));
  tally_.emplace(inventory, Fault::damaged);
  for (const model::Entry& entry : inventory.entries)
    if (entry.data) context_->relations.emplace(entry.id, tally_->name(entry.id));
}

void Walk::read_part(std::uint32_t number, std::string& bytes) {
  if (block_.header.number != number)
    context_->damaged(block_, fmt::format("block {} of its series was expected", number));
  Buffer stored, scratch;
  read_payload(stored);
  bytes += open_block(*context_, block_, stored.view(), scratch);
}

bool Walk::read_block_header() {
  std::uint64_t offset = input_.offset();
  read_exactly(ahead_, sizeof ahead_, "before its footer");
  if (equals(layout::footer_magic, footer_.magic)) return false;
  std::memcpy(&block_.header, ahead_, sizeof block_.header);
  block_.offset = offset;
  auto problem = header_problem(block_, context_->uuid);
  if (!problem.empty()) fail(Fault::damaged, fmt::format("at offset {}: {}", offset, problem));
  return true;
}

Walk::Step Walk::next() {
  for (;;) {
    if (!read_block_header()) {
      take_footer();
      return Step::end;
    }
    if (index_blocks_ > 0 && block_.type() != BlockType::index)
      context_->damaged(block_, "it comes after the index");
    switch (block_.type()) {
      case BlockType::chunk: return take_chunk();
      case BlockType::relation_end: take_end(); return Step::relation_end;
      case BlockType::index: take_index(); break;
      case BlockType::catalog: context_->damaged(block_, "it comes after the catalog's last block");
      default: skip_payload();  // header_problem() has seen that it may be skipped
    }
  }
}

// A chunk counts once its payload is there, so that an early end tells what is whole.
Walk::Step Walk::take_chunk() {
  return tally_->has(block_.header.relation, block_.header.number) ? Step::repeated_chunk : Step::chunk;
}

void Walk::count_chunk() {
  const BlockHeader& header = block_.header;
  ChunkFacts facts{.relation = header.relation,
                   .number = header.number,
                   .format = static_cast<model::CopyFormat>(header.copy_format),
                   .rows = header.rows,
                   .raw_bytes = header.raw_bytes,
                   .digest = {header.digest_low, header.digest_high},
                   .checksum = {header.raw_checksum_low, header.raw_checksum_high},
                   .offset = block_.offset,
                   .stored_bytes = header.stored_bytes};
  auto context = [&] { return fmt::format("{}: {}", printable(context_->path), context_->where(block_)); };
  with_context(context, [&] { tally_->add(facts); });
}

void Walk::take_end() {
  Buffer stored, scratch;
  read_payload(stored);
  ByteView raw = open_block(*context_, block_, stored.view(), scratch);
  layout::RelationRecord record;
  if (raw.size() < sizeof record) context_->damaged(block_, "it is too short");
  std::memcpy(&record, raw.data(), sizeof record);
  RelationEnd end;
  if (auto problem = read_record(record, end); !problem.empty()) context_->damaged(block_, problem);
  if (end.relation != block_.header.relation) context_->damaged(block_, "it belongs to another relation");
  auto context = [&] { return fmt::format("{}: {}", printable(context_->path), context_->where(block_)); };
  with_context(context, [&] { tally_->end(end); });
}

void Walk::take_index() {
  index_offset_ = block_.offset;
  std::string bytes;
  for (;;) {
    read_part(index_blocks_++, bytes);
    if (block_.is_last()) break;
    if (!read_block_header() || block_.type() != BlockType::index)
      fail(Fault::damaged, "its index has a gap");
  }
  auto context = [&] { return printable(context_->path); };
  with_context(context, [&] {
    tally_->check_all_ended();
    if (decode_index(bytes) == tally_->index()) return;
    throw Error(Fault::damaged, "the index does not name the chunks that are there")
        .hint(std::string(damaged_hint));
  });
}

void Walk::take_footer() {
  std::uint64_t offset = input_.offset() - sizeof footer_;
  if (auto problem = footer_problem(footer_, context_->uuid, offset); !problem.empty())
    fail(Fault::damaged, problem);
  if (index_blocks_ == 0) fail(Fault::damaged, "it has a footer and no index");
  const Totals& found = tally_->totals();
  bool agrees = footer_.file_bytes == input_.offset() && footer_.index_offset == index_offset_ &&
                footer_.index_bytes == offset - index_offset_ && footer_.index_blocks == index_blocks_ &&
                footer_.catalog_blocks == catalog_blocks_ && footer_.relations == found.relations.size() &&
                footer_.chunks == found.chunks && footer_.rows == found.rows &&
                footer_.raw_bytes == found.raw_bytes;
  if (!agrees) fail(Fault::damaged, "its footer does not agree with what is there");
  char more;
  if (input_.read(&more, 1) != 0) fail(Fault::damaged, "there are bytes after its footer");
  totals_ = found;
  totals_->stored_bytes = footer_.file_bytes;
}

void Walk::read_payload(Buffer& stored) {
  auto size = static_cast<std::size_t>(block_.header.stored_bytes);
  stored.clear();
  stored.reserve(std::min(size, read_step_bytes));
  while (stored.size() < size) {
    std::size_t have = stored.size(), step = std::min(size - have, read_step_bytes);
    stored.resize(have + step);
    if (input_.read(stored.data() + have, step) < step) ends_early("within " + context_->where(block_));
  }
  if (block_.type() == BlockType::chunk) count_chunk();
}

void Walk::skip_payload() {
  if (input_.skip(block_.header.stored_bytes) < block_.header.stored_bytes)
    ends_early("within " + context_->where(block_));
  if (block_.type() == BlockType::chunk) count_chunk();
}

Overview Walk::take_overview() {
  overview_.complete = totals_.has_value();
  overview_.file_bytes = input_.offset();
  overview_.totals = totals();
  if (!overview_.complete) overview_.unfinished = tally_->unfinished();
  return std::move(overview_);
}

}  // namespace pghaul::format
