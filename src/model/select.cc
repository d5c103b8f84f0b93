// The steps of a selection: names, dependencies, list, sections and policies, facets, and a new inventory of what is left.
#include "model/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ranges>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/error.h"
#include "model/choose.h"
#include "model/existence.h"

namespace pghaul::model {
namespace {

using Marks = std::vector<bool>;  // by id - 1

// ---- patterns that match nothing --------------------------------------------------------------------------------------

// As in pg_dump: patterns that include must match something together, with --strict-names each of them; what excludes may match nothing.
void check_matches(const Inventory& whole, const Selection& selection, const TableIndex& tables) {
  auto refuse = [](const std::string& what, const Pattern* pattern) {
    std::string message = fmt::format("no matching {} were found", what);
    if (pattern) message += fmt::format(" for pattern \"{}\"", printable(pattern->text));
    throw Error(Fault::preflight, message).hint("names are folded to lower case and looked for as in psql; put them in double quotes to keep them as they are");
  };
  auto check = [&](const std::string& what, const std::vector<const Pattern*>& patterns, bool each, auto&& matches) {
    bool any = patterns.empty();
    for (const Pattern* pattern : patterns) {
      bool found = matches(*pattern);
      if (!found && each) refuse(what, pattern);
      any |= found;
    }
    if (!any) refuse(what, patterns.size() == 1 ? patterns.front() : nullptr);
  };
  auto pointers = [](auto&&... lists) {
    std::vector<const Pattern*> all;
    auto add = [&](const std::vector<Pattern>& patterns) { for (const Pattern& one : patterns) all.push_back(&one); };
    (add(lists), ...);
    return all;
  };
  auto named = [&](Kind kind) {
    return [&, kind](const Pattern& pattern) { return !matching_names(whole, kind, {pattern}).empty(); };
  };
  check("schemas", pointers(selection.schemas), selection.strict_names, named(Kind::schema));
  check("extensions", pointers(selection.extensions), selection.strict_names, named(Kind::extension));
  check("foreign servers", pointers(selection.foreign_data), true, named(Kind::foreign_server));
  auto is_table = [&](const Pattern& pattern) {
    return !tables.matching(pattern, false).empty() ||
           std::any_of(whole.entries.begin(), whole.entries.end(), [&](const Entry& entry) {
             return entry.data && entry.parent && whole.at(entry.parent).kind == Kind::extension && tables.matches(pattern, entry.schema, entry.name);
           });
  };
  check("tables", pointers(selection.tables, selection.tables_and_children), selection.strict_names, is_table);
  std::vector<const Pattern*> conditions;
  for (const Where& where : selection.where) conditions.push_back(&where.table);
  check("tables", conditions, true, is_table);
}

// ---- what is kept -----------------------------------------------------------------------------------------------------

// Tables that are needed come as if they had been named; other things as they are, until nothing more is needed.
Marks choose_with_dependencies(const Inventory& whole, const Selection& selection, const TableIndex& tables) {
  std::set<EntryId> also;
  for (;;) {
    Marks chosen = choose(whole, selection, tables, also);
    std::size_t before = also.size();
    for (const Entry& entry : std::views::reverse(whole.entries)) {
      if (!chosen[entry.id - 1]) continue;
      auto take = [&](EntryId id) {
        const Entry& needed = whole.at(id);
        if (chosen[id - 1] || !existence(whole, needed)) return;
        chosen[id - 1] = true;
        also.insert(needed.parent && !is_table_like(needed.kind) ? needed.parent : id);
      };
      for (EntryId on : entry.depends_on) take(on);
    }
    if (also.size() == before) return chosen;
  }
}

bool is_wanted(const Entry& entry, const Selection& selection) {
  switch (entry.kind) {
    using enum Kind;
    case database: case role: case role_membership: case role_setting: case tablespace: return true;
    case publication: case publication_table: case publication_schema:
      if (!selection.publications) return false;
      break;
    case subscription:
      if (!selection.subscriptions) return false;
      break;
    case policy: case row_security:
      if (!selection.policies) return false;
      break;
    case default_acl:
      if (!selection.privileges) return false;
      break;
    case sequence_value: return selection.data || selection.sequence_data;
    case materialized_view_data:
      if (!selection.refreshes) return false;
      break;
    case large_object: case large_object_data: return selection.data;
    default: break;
  }
  switch (entry.section) {
    case Section::pre_data: return selection.pre_data;
    case Section::data: return selection.data;
    case Section::post_data: return selection.post_data;
  }
  return true;
}

void apply_list(const Inventory& whole, const std::vector<EntryId>& list, Marks& chosen) {
  Marks listed(chosen.size());
  for (EntryId id : list) {
    if (id == 0 || id > whole.entries.size())
      throw Error(Fault::usage, fmt::format("the list names entry {}, and the archive has entries 1 to {}", id, whole.entries.size()))
          .hint("make the list with restore -l from this very archive");
    listed[id - 1] = true;
  }
  for (const Entry& entry : whole.entries)
    if (entry.kind != Kind::database && !listed[entry.id - 1]) chosen[entry.id - 1] = false;
}

// ---- facets and rows --------------------------------------------------------------------------------------------------

void take_off_facets(Entry& entry, const Selection& selection) {
  auto without = [&](Extra::Policy policy) { erase_if(entry.extras, [&](const Extra& extra) { return extra.policy == policy; }); };
  if (!selection.owners) entry.owner.clear(), entry.owner_objects.clear();
  if (!selection.privileges) entry.acls.clear();
  if (!selection.comments) {
    entry.comments.clear();
    if (entry.create_sql.starts_with("COMMENT ON ")) entry.create_sql.clear();  // of schema public: that it has none
  }
  if (!selection.security_labels) entry.labels.clear();
  if (!selection.toast_compression) without(Extra::Policy::compression);
  if (!selection.table_access_method) {
    erase_if(entry.requires_on_target, [&](const Requirement& requirement) {
      return requirement.what == Requirement::What::object && requirement.detail == "access method" && requirement.name == entry.access_method;
    });
    entry.access_method.clear(), without(Extra::Policy::table_access_method);
  }
  if (!selection.tablespaces) {
    entry.tablespace.clear(), without(Extra::Policy::tablespace);
    erase_if(entry.requires_on_target, [](const Requirement& requirement) { return requirement.what == Requirement::What::tablespace; });
  }
}

// The rows that all conditions for the table allow. A source that is a query already is read through.
void add_condition(DataSpec& data, const std::string& condition) {
  std::string all = data.condition.empty() ? "(" + condition + ")" : data.condition + " AND (" + condition + ")";
  if (data.source == data.target || !data.condition.empty())
    data.source = fmt::format("(SELECT {} FROM ONLY {} WHERE {})", data.column_list, data.relation, all);
  else
    data.source = fmt::format("(SELECT {} FROM {} AS {} WHERE {})", data.column_list, data.source,
                              data.relation.substr(data.relation.find('.') + 1), all);
  data.condition = std::move(all);
}

void add_conditions(Inventory& whole, const Selection& selection, const TableIndex& tables) {
  for (const Where& where : selection.where) {
    std::set<EntryId> meant = tables.matching(where.table, false);
    for (Entry& entry : whole.entries)
      if (entry.data && entry.data->load == DataSpec::Load::copy && entry.parent && meant.contains(entry.parent))
        add_condition(*entry.data, where.condition);
  }
}

// ---- the new inventory ------------------------------------------------------------------------------------------------

// Takes the whole inventory apart.
class Renumbering {
 public:
  Renumbering(Inventory& whole, const Selection& selection, const Marks& chosen, const Marks& kept)
      : whole_(whole), selection_(selection), chosen_(chosen), kept_(kept), through_(whole.entries.size()) {}

  Selected run() {
    bridge();
    order_rows_by_foreign_keys();
    put_in_order();
    Selected selected;
    selected.inventory.origin = std::move(whole_.origin);
    selected.inventory.warnings = std::move(whole_.warnings);
    selected.inventory.warnings.insert(selected.inventory.warnings.end(), warnings_.begin(), warnings_.end());
    for (EntryId id : order_) require_what_is_left_out(id, selected.missing);
    selected.inventory.entries.reserve(order_.size());
    for (EntryId id : order_) selected.inventory.entries.push_back(renumbered(id));
    selected.from = std::move(order_);
    return selected;
  }

 private:
  // What an entry that is left out waits for, through others that are left out: its followers inherit that.
  void bridge() {
    for (const Entry& entry : whole_.entries) {
      std::vector<EntryId>& through = through_[entry.id - 1];
      for (EntryId on : entry.depends_on) {
        if (kept_[on - 1]) through.push_back(on);
        else through.insert(through.end(), through_[on - 1].begin(), through_[on - 1].end());
      }
      std::sort(through.begin(), through.end());
      through.erase(std::unique(through.begin(), through.end()), through.end());
    }
  }

  // Rows alone meet the foreign keys that are on the target already: what is referred to comes first.
  void order_rows_by_foreign_keys() {
    if (selection_.pre_data || selection_.post_data || !selection_.data) return;
    std::unordered_map<EntryId, EntryId> rows;  // by table
    for (const Entry& entry : whole_.entries)
      if (entry.data && entry.parent && kept_[entry.id - 1]) rows.emplace(entry.parent, entry.id);
    for (const Entry& key : whole_.entries) {
      if (key.kind != Kind::foreign_key || !rows.contains(key.parent)) continue;
      for (EntryId on : key.depends_on) {
        const Entry& needed = whole_.at(on);
        EntryId table = is_table_like(needed.kind) ? on : needed.parent;
        if (table != key.parent && rows.contains(table)) soft_[rows.at(key.parent)].push_back(rows.at(table));
      }
    }
  }

  // Kahn's algorithm; ids decide, or the list's order within a section. Where only foreign keys hold everything up, they are in a
  // circle, and give way.
  void put_in_order() {
    std::vector<std::size_t> place(whole_.entries.size());
    for (EntryId id = 1; id <= place.size(); ++id) place[id - 1] = id;
    if (selection_.list)
      for (std::size_t i = 0; i < selection_.list->size(); ++i) place[selection_.list->at(i) - 1] = i;
    auto key = [&](EntryId id) {
      const Entry& entry = whole_.at(id);
      bool by_list = selection_.list.has_value();
      return std::tuple(by_list ? entry.section : Section::pre_data, by_list && entry.late, place[id - 1], id);
    };
    std::vector<std::size_t> waits(whole_.entries.size()), soft_waits(whole_.entries.size());
    std::vector<std::vector<EntryId>> followers(whole_.entries.size()), soft_followers(whole_.entries.size());
    using Key = decltype(key(1));
    std::set<Key> ready, held;
    for (EntryId id = 1; id <= whole_.entries.size(); ++id) {
      if (!kept_[id - 1]) continue;
      waits[id - 1] = through_[id - 1].size();
      for (EntryId on : through_[id - 1]) followers[on - 1].push_back(id);
      if (auto found = soft_.find(id); found != soft_.end()) {
        soft_waits[id - 1] = found->second.size();
        for (EntryId on : found->second) soft_followers[on - 1].push_back(id);
      }
    }
    auto settle = [&](EntryId id) {
      if (waits[id - 1]) return;
      held.erase(key(id));
      (soft_waits[id - 1] ? held : ready).insert(key(id));
    };
    for (EntryId id = 1; id <= whole_.entries.size(); ++id)
      if (kept_[id - 1]) settle(id);
    Marks done(whole_.entries.size());
    while (!ready.empty() || !held.empty()) {
      auto& from = ready.empty() ? held : ready;
      EntryId id = std::get<3>(*from.begin());
      if (ready.empty())
        warnings_.push_back(describe(whole_.at(id)) + " is in a circle of foreign keys: if they are on the target already, load with --disable-triggers");
      from.erase(from.begin());
      order_.push_back(id);
      done[id - 1] = true;
      if (auto found = soft_.find(id); found != soft_.end())
        for (EntryId on : found->second)
          if (done[on - 1]) through_[id - 1].push_back(on);
      for (EntryId next : followers[id - 1]) --waits[next - 1], settle(next);
      for (EntryId next : soft_followers[id - 1])
        if (--soft_waits[next - 1] == 0 && !done[next - 1]) settle(next);
    }
    number_.assign(whole_.entries.size(), 0);
    for (std::size_t i = 0; i < order_.size(); ++i) number_[order_[i] - 1] = static_cast<EntryId>(i + 1);
  }

  std::unique_ptr<Entry> renumbered(EntryId id) {
    std::unique_ptr<Entry> moved = whole_.entries.take(id - 1);
    Entry& entry = *moved;
    auto number = [&](EntryId old) { return old ? number_[old - 1] : 0; };
    entry.id = number(id);
    entry.depends_on.clear();
    for (EntryId on : through_[id - 1]) entry.depends_on.push_back(number(on));
    std::sort(entry.depends_on.begin(), entry.depends_on.end());
    entry.depends_on.erase(std::unique(entry.depends_on.begin(), entry.depends_on.end()), entry.depends_on.end());
    std::erase_if(entry.locks, [&](const Lock& lock) { return lock.entry && !number(lock.entry); });
    for (Lock& lock : entry.locks) lock.entry = number(lock.entry);
    entry.parent = number(entry.parent);
    erase_if(entry.inherits, [&](EntryId parent) { return !number(parent); });
    for (EntryId& parent : entry.inherits) parent = number(parent);
    take_off_facets(entry, selection_);
    return moved;
  }

  // Looks at entries that are left out and at their parents: before any is moved.
  void require_what_is_left_out(EntryId id, std::vector<Missing>& missing) {
    Entry& entry = whole_.entries[id - 1];
    for (EntryId on : entry.depends_on) require(entry, on, missing);
  }

  void require(Entry& entry, EntryId on, std::vector<Missing>& missing) {
    if (kept_[on - 1]) return;
    auto requirement = existence(whole_, whole_.at(on));
    if (!requirement) return;
    if (!chosen_[on - 1] && told_.insert(on).second) missing.push_back({describe(whole_.at(on)), describe(entry)});
    auto same = [&](const Requirement& other) { return other.what == requirement->what && other.name == requirement->name && other.detail == requirement->detail; };
    if (std::none_of(entry.requires_on_target.begin(), entry.requires_on_target.end(), same)) entry.requires_on_target.push_back(*requirement);
  }

  Inventory& whole_;
  const Selection& selection_;
  const Marks &chosen_, &kept_;
  std::vector<std::vector<EntryId>> through_;  // by id - 1
  std::unordered_map<EntryId, std::vector<EntryId>> soft_;
  std::vector<EntryId> order_, number_;
  std::set<EntryId> told_;  // that it is missing
  std::vector<std::string> warnings_;
};

// Rows of a hash-partitioned table that travel through its root are one entry, and cannot be taken partition by partition.
std::vector<std::string> rows_left_behind(const Inventory& whole, const Marks& chosen) {
  std::vector<std::string> told;
  for (const Entry& rows : whole.entries) {
    if (!rows.data || !rows.parent || chosen[rows.id - 1]) continue;
    for (EntryId on : rows.depends_on)
      if (on != rows.parent && chosen[on - 1] && whole.at(on).kind == Kind::table && !chosen[rows.parent - 1])
        told.push_back(fmt::format("the rows of {} are not taken: they are carried through {} only", describe(whole.at(on)), describe(whole.at(rows.parent))));
  }
  return told;
}

Selected select(Inventory& whole, const Selection& selection, bool leniently) {
  TableIndex tables(whole);
  if (!leniently) check_matches(whole, selection, tables);
  Marks chosen = selection.with_dependencies ? choose_with_dependencies(whole, selection, tables) : choose(whole, selection, tables);
  if (selection.list) apply_list(whole, *selection.list, chosen);
  Marks kept = chosen;
  for (const Entry& entry : whole.entries) kept[entry.id - 1] = kept[entry.id - 1] && is_wanted(entry, selection);
  for (const Entry& entry : whole.entries)
    if (!chosen[entry.id - 1] && entry.section != Section::data && !is_large_object(entry.kind)) whole.origin.partial = true;
  add_conditions(whole, selection, tables);
  std::vector<std::string> left_behind;
  if (selection.data) left_behind = rows_left_behind(whole, chosen);
  Selected selected = Renumbering(whole, selection, chosen, kept).run();
  std::ranges::move(left_behind, std::back_inserter(selected.inventory.warnings));
  return selected;
}

}  // namespace

Selected select(Inventory whole, const Selection& selection) { return select(whole, selection, false); }

Selected select_leniently(Inventory whole, const Selection& selection) { return select(whole, selection, true); }

std::string to_text(const std::vector<Missing>& missing, std::size_t at_most) {
  std::string text;
  for (const Missing& one : missing | std::views::take(at_most)) text += fmt::format("\n  {} (needed by {})", one.needed, one.by);
  if (missing.size() > at_most) text += fmt::format("\n  and {} more", missing.size() - at_most);
  return text;
}

}  // namespace pghaul::model
