// The first step of a selection: what its names take. Internal to select.cc.
#pragma once

#include <set>
#include <unordered_map>

#include "model/select.h"

namespace pghaul::model {

bool is_table_like(Kind kind);
// What -t can name: not what only carries the privileges of an extension's or the system's own.
bool can_be_named(const Inventory& whole, const Entry& entry);
bool is_large_object(Kind kind);

// Which entries a pattern for tables means.
class TableIndex {
 public:
  explicit TableIndex(const Inventory& whole);
  // A name without a schema means the one that is visible on the search_path, as in pg_dump. with_children: and all below.
  std::set<EntryId> matching(const Pattern& pattern, bool with_children) const;
  std::set<EntryId> matching(const std::vector<Pattern>& plain, const std::vector<Pattern>& with_children) const;
  // The same by names alone, for tables that are no entries.
  bool matches(const Pattern& pattern, const std::string& schema, const std::string& name) const;

 private:
  const Inventory& whole_;
  std::unordered_map<std::string, std::size_t> visible_at_;   // name -> place on the search_path
  std::unordered_map<EntryId, std::vector<EntryId>> children_;
};

// chosen[id - 1]: patterns take the entry. Sections, policies and the list do not count here.
// also: tables that are taken as if they had been named.
std::vector<bool> choose(const Inventory& whole, const Selection& selection, const TableIndex& tables, const std::set<EntryId>& also = {});

// The entries of extensions or schemas or servers that patterns name.
std::set<EntryId> matching_names(const Inventory& whole, Kind kind, const std::vector<Pattern>& patterns);

}  // namespace pghaul::model
