// The walk along an archive, front to back: what every reader does, whether it wants the payloads or not.
// Checks structure: headers, order, the account of every relation, index, footer and length. Not thread-safe.
// Internal to the module.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "format/block.h"
#include "format/file.h"
#include "format/tally.h"

namespace pghaul::format {

// What every error about an archive has to name; shared with the chunks that outlive the walk.
struct Context {
  std::string path;
  Uuid uuid{};
  std::unordered_map<model::EntryId, std::string> relations;  // their names, harmless to print

  // "FILE: chunk 17 of public.orders at offset 4194304: why"
  [[noreturn]] void damaged(const Block& block, std::string_view why) const;
  std::string where(const Block& block) const;
};

// Checks everything and returns the raw bytes, in stored or in scratch.
ByteView open_block(const Context& context, const Block& block, ByteView stored, Buffer& scratch);

class Walk {
 public:
  // path: as messages name it.
  Walk(Input& input, std::string path);

  // Reads the header and the catalog. Called first, once.
  void read_head();

  enum class Step { chunk, repeated_chunk, relation_end, end };
  // After chunk and repeated_chunk the payload comes next: read_payload() or skip_payload().
  Step next();
  const Block& block() const { return block_; }
  const RelationEnd& relation_end() const { return totals().relations.back(); }
  void read_payload(Buffer& stored);
  void skip_payload();

  const std::shared_ptr<const Context> context() const { return context_; }
  const Totals& totals() const { return totals_ ? *totals_ : tally_->totals(); }
  const model::Inventory& inventory() const { return overview_.inventory; }
  // For someone who goes on without it here: the walk needs no more than the names that it has.
  model::Inventory take_inventory() { return std::exchange(overview_.inventory, {}); }
  // What was found, with the inventory if no one has taken it.
  Overview take_overview();

 private:
  void read_file_header();
  void check_versions(const layout::FileHeader& header) const;
  void read_catalog();
  // False: a footer stands there.
  bool read_block_header();
  Step take_chunk();
  void count_chunk();
  void take_end();
  void take_index();
  void take_footer();
  // Series of catalog and index blocks.
  void read_part(std::uint32_t number, std::string& bytes);
  void read_exactly(char* to, std::size_t size, std::string_view during);
  [[noreturn]] void ends_early(std::string_view during) const;
  [[noreturn]] void fail(Fault fault, std::string_view what) const;

  Input& input_;
  std::shared_ptr<Context> context_;
  Overview overview_;
  std::vector<std::string> ignored_;  // optional capabilities that are not known
  std::optional<Tally> tally_;        // from the catalog on
  std::optional<Totals> totals_;      // from the footer on
  Block block_;
  union {
    layout::Footer footer_;
    char ahead_[sizeof(layout::Footer)];
  };
  std::uint32_t catalog_blocks_ = 0, index_blocks_ = 0;
  std::uint64_t index_offset_ = 0;
};

// Names what is certainly something else, for a file that has not our magic. Throws.
[[noreturn]] void refuse_foreign(const std::string& path, ByteView start);

}  // namespace pghaul::format
