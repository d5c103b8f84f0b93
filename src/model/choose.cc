#include "model/choose.h"

#include <algorithm>

#include "base/error.h"

namespace pghaul::model {

bool is_table_like(Kind kind) {
  using enum Kind;
  return kind == table || kind == foreign_table || kind == view || kind == materialized_view || kind == sequence;
}

bool is_large_object(Kind kind) { return kind == Kind::large_object || kind == Kind::large_object_data; }

bool can_be_named(const Inventory& whole, const Entry& entry) {
  return is_table_like(entry.kind) && entry.schema != "pg_catalog" && !(entry.parent && whole.at(entry.parent).kind == Kind::extension);
}

namespace {

void check_database(const Inventory& whole, const Pattern& pattern) {
  if (pattern.database && *pattern.database != whole.origin.database)
    throw Error(Fault::usage, "the pattern names another database: " + printable(pattern.text))
        .hint("the database here is " + printable(whole.origin.database));
}

bool any_matches(const std::vector<Pattern>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& pattern) { return pattern.name.matches(name); });
}

}  // namespace

// ---- tables -----------------------------------------------------------------------------------------------------------

TableIndex::TableIndex(const Inventory& whole) : whole_(whole) {
  const auto& path = whole.origin.search_path;
  for (const Entry& entry : whole.entries) {
    for (EntryId parent : entry.inherits) children_[parent].push_back(entry.id);
    auto place = std::find(path.begin(), path.end(), entry.schema);
    if (!can_be_named(whole, entry) || place == path.end()) continue;
    auto at = static_cast<std::size_t>(place - path.begin());
    auto [found, is_new] = visible_at_.try_emplace(entry.name, at);
    if (!is_new) found->second = std::min(found->second, at);
  }
}

bool TableIndex::matches(const Pattern& pattern, const std::string& schema, const std::string& name) const {
  if (!pattern.name.matches(name)) return false;
  if (pattern.schema) return pattern.schema->matches(schema);
  auto found = visible_at_.find(name);
  const auto& path = whole_.origin.search_path;
  if (found == visible_at_.end()) return std::find(path.begin(), path.end(), schema) != path.end();
  return path[found->second] == schema;
}

std::set<EntryId> TableIndex::matching(const Pattern& pattern, bool with_children) const {
  check_database(whole_, pattern);
  std::set<EntryId> found;
  for (const Entry& entry : whole_.entries)
    if (can_be_named(whole_, entry) && matches(pattern, entry.schema, entry.name)) found.insert(entry.id);
  std::vector<EntryId> open(found.begin(), found.end());
  while (with_children && !open.empty()) {
    auto below = children_.find(open.back());
    open.pop_back();
    if (below == children_.end()) continue;
    for (EntryId child : below->second)
      if (found.insert(child).second) open.push_back(child);
  }
  return found;
}

std::set<EntryId> TableIndex::matching(const std::vector<Pattern>& plain, const std::vector<Pattern>& with_children) const {
  std::set<EntryId> all;
  for (const Pattern& pattern : plain) all.merge(matching(pattern, false));
  for (const Pattern& pattern : with_children) all.merge(matching(pattern, true));
  return all;
}

std::set<EntryId> matching_names(const Inventory& whole, Kind kind, const std::vector<Pattern>& patterns) {
  std::set<EntryId> found;
  for (const Pattern& pattern : patterns) check_database(whole, pattern);
  for (const Entry& entry : whole.entries)
    if (entry.kind == kind && any_matches(patterns, entry.name)) found.insert(entry.id);
  return found;
}

// ---- everything -------------------------------------------------------------------------------------------------------

namespace {

// The rules by which pg_dump marks what it dumps (its selectDumpable... functions), kind by kind.
class Chooser {
 public:
  Chooser(const Inventory& whole, const Selection& selection, const TableIndex& tables, const std::set<EntryId>& also)
      : whole_(whole),
        selection_(selection),
        tables_(tables),
        everything_(!selection.includes_by_name()),
        by_table_(!selection.tables.empty() || !selection.tables_and_children.empty()),
        included_(tables.matching(selection.tables, selection.tables_and_children)),
        excluded_(tables.matching(selection.excluded_tables, selection.excluded_tables_and_children)),
        without_rows_(tables.matching(selection.excluded_data, selection.excluded_data_and_children)),
        servers_(matching_names(whole, Kind::foreign_server, selection.foreign_data)),
        also_(also),
        chosen_(whole.entries.size()) {}

  std::vector<bool> run() {
    for (const Entry& entry : whole_.entries)
      if (can_be_named(whole_, entry) || entry.kind == Kind::extension) chosen_[entry.id - 1] = also_.contains(entry.id) || is_named(entry);
    for (const Entry& entry : whole_.entries)
      if (entry.kind == Kind::sequence && entry.parent && can_be_named(whole_, entry)) settle_sequence(entry);
    for (const Entry& entry : whole_.entries)
      if (!can_be_named(whole_, entry) && entry.kind != Kind::extension) chosen_[entry.id - 1] = also_.contains(entry.id) || follows(entry);
    return std::move(chosen_);
  }

 private:
  bool has(EntryId id) const { return chosen_[id - 1]; }

  bool is_included(const std::string& schema) const {
    return !by_table_ && (selection_.schemas.empty() || any_matches(selection_.schemas, schema)) && !is_excluded(schema);
  }
  bool is_excluded(const std::string& schema) const { return any_matches(selection_.excluded_schemas, schema); }

  bool is_named(const Entry& entry) const {
    if (entry.kind == Kind::extension) {
      bool in = selection_.extensions.empty() ? everything_ : any_matches(selection_.extensions, entry.name);
      return in && !any_matches(selection_.excluded_extensions, entry.name);
    }
    bool in = by_table_ ? included_.contains(entry.id) : is_included(entry.schema);
    return in && !excluded_.contains(entry.id);
  }

  // An identity column's sequence is its table's; one that a column owns comes with the table, and can be named by itself.
  void settle_sequence(const Entry& entry) {
    bool of_table = has(entry.parent);
    chosen_[entry.id - 1] = entry.drop_sql.empty() ? of_table : of_table || has(entry.id);
  }

  bool follows(const Entry& entry) const {
    switch (entry.kind) {
      using enum Kind;
      case database: case role: case role_membership: case role_setting: case tablespace: return true;
      case schema: return is_included(entry.name);
      case large_object: case large_object_data: return selection_.large_objects.value_or(everything_);
      case table_data: case sequence_value: case materialized_view_data: return rows_follow(entry);
      case extended_statistics: return is_included(entry.schema) && entry.parent && has(entry.parent);
      case publication_table: return everything_ && entry.parent && has(entry.parent);
      case publication_schema: return everything_ && is_included(entry.schema);
      default: break;
    }
    if (entry.parent) return has(entry.parent);
    return entry.schema.empty() ? everything_ : is_included(entry.schema);
  }

  bool rows_follow(const Entry& entry) const {
    if (!entry.parent) return everything_;
    const Entry& parent = whole_.at(entry.parent);
    if (parent.kind == Kind::extension) return configuration_follows(entry);
    if (!has(parent.id) || without_rows_.contains(parent.id)) return false;
    if (parent.kind == Kind::foreign_table)
      return selection_.any_foreign_data ||
             std::any_of(parent.depends_on.begin(), parent.depends_on.end(), [&](EntryId on) { return servers_.contains(on); });
    return selection_.unlogged_data || !parent.unlogged;
  }

  // The rows of an extension's configuration table come with the extension, or when the table or its schema is named.
  bool configuration_follows(const Entry& entry) const {
    auto named = [&](const std::vector<Pattern>& plain, const std::vector<Pattern>& with_children) {
      auto is = [&](const Pattern& pattern) { return tables_.matches(pattern, entry.schema, entry.name); };
      return std::any_of(plain.begin(), plain.end(), is) || std::any_of(with_children.begin(), with_children.end(), is);
    };
    bool in = has(entry.parent) || named(selection_.tables, selection_.tables_and_children) ||
              (!by_table_ && !selection_.schemas.empty() && is_included(entry.schema));
    return in && !named(selection_.excluded_tables, selection_.excluded_tables_and_children) &&
           !named(selection_.excluded_data, selection_.excluded_data_and_children) && !is_excluded(entry.schema);
  }

  const Inventory& whole_;
  const Selection& selection_;
  const TableIndex& tables_;
  bool everything_, by_table_;
  std::set<EntryId> included_, excluded_, without_rows_, servers_;
  const std::set<EntryId>& also_;
  std::vector<bool> chosen_;
};

}  // namespace

std::vector<bool> choose(const Inventory& whole, const Selection& selection, const TableIndex& tables, const std::set<EntryId>& also) {
  return Chooser(whole, selection, tables, also).run();
}

}  // namespace pghaul::model
