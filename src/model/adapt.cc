#include "model/adapt.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

#include "model/ident.h"

namespace pghaul::model {
namespace {

const std::string& renamed(const Names& names, const std::string& name) {
  auto found = names.find(name);
  return found == names.end() ? name : found->second;
}

// ---- tokens: words, quoted identifiers, strings and single characters -------------------------------------------------

bool is_word_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80; }

// The end of the token that begins at `at`.
std::size_t token_end(std::string_view sql, std::size_t at) {
  char c = sql[at];
  if (c == '"' || c == '\'') {
    bool escapes = c == '\'' && at > 0 && (sql[at - 1] == 'E' || sql[at - 1] == 'e');
    for (std::size_t i = at + 1; i < sql.size(); ++i) {
      if (escapes && sql[i] == '\\') ++i;
      else if (sql[i] == c && i + 1 < sql.size() && sql[i + 1] == c) ++i;
      else if (sql[i] == c) return i + 1;
    }
    return sql.size();
  }
  if (!is_word_part(c)) return at + 1;
  while (at < sql.size() && is_word_part(sql[at])) ++at;
  return at;
}

std::string unquoted(std::string_view token) {
  if (!token.starts_with('"')) return std::string(token);
  std::string name;
  for (std::size_t i = 1; i + 1 < token.size(); ++i) {
    name += token[i];
    if (token[i] == '"') ++i;
  }
  return name;
}

bool has_baked_roles(const Entry& entry) {
  return std::any_of(entry.requires_on_target.begin(), entry.requires_on_target.end(),
                     [](const Requirement& requirement) { return requirement.what == Requirement::What::role; }) ||
         is_global(entry.kind);
}

// The names of these entries hold a role's.
void rename_in_name(Entry& entry, const Names& names) {
  constexpr std::string_view of = " FOR ROLE ", server = " SERVER ";
  if (entry.kind == Kind::role) entry.name = renamed(names, entry.name);
  if (std::size_t at = entry.name.find(of); entry.kind == Kind::default_acl && at != std::string::npos)
    entry.name = entry.name.substr(0, at) + std::string(of) + renamed(names, entry.name.substr(at + of.size()));
  if (std::size_t at = entry.name.find(server); entry.kind == Kind::user_mapping && at != std::string::npos)
    entry.name = renamed(names, entry.name.substr(0, at)) + entry.name.substr(at);
}

}  // namespace

std::string with_roles_renamed(std::string_view sql, const Names& names) {
  std::string out;
  int depth = 0;
  bool expects_role = false;  // after a keyword, or after a comma of a list of roles
  bool in_list = false;
  for (std::size_t at = 0; at < sql.size();) {
    std::size_t end = token_end(sql, at);
    std::string_view token = sql.substr(at, end - at);
    at = end;
    if (token == " " || token == "\n" || token == "\t") {
      out += token;
      continue;
    }
    if (token == "(") ++depth;
    if (token == ")") --depth;
    if (depth == 0 && expects_role && (token.front() == '"' || is_word_part(token.front())) && token != "ROLE") {
      auto found = names.find(unquoted(token));
      out += found == names.end() ? std::string(token) : quote_ident(found->second);
      expects_role = false, in_list = true;
      continue;
    }
    bool keyword = token == "ROLE" || token == "TO" || token == "FROM" || token == "FOR" || token == "BY" || token == "OWNER";
    expects_role = depth == 0 && (keyword || (in_list && token == ","));
    in_list = expects_role;
    out += token;
  }
  return out;
}

void rename_roles(Inventory& inventory, const Names& names) {
  if (names.empty()) return;
  for (Entry& entry : inventory.entries) {
    entry.owner = renamed(names, entry.owner);
    rename_in_name(entry, names);
    for (Acl& acl : entry.acls) {
      acl.owner = renamed(names, acl.owner);
      for (auto* items : {&acl.initial, &acl.wanted})
        for (AclItem& item : *items) item.grantee = renamed(names, item.grantee), item.grantor = renamed(names, item.grantor);
    }
    if (has_baked_roles(entry)) {
      entry.create_sql = with_roles_renamed(entry.create_sql, names);
      entry.drop_sql = with_roles_renamed(entry.drop_sql, names);
    }
    for (Extra& extra : entry.extras)
      if (extra.policy == Extra::Policy::setting && extra.sql.starts_with("ALTER ROLE ")) extra.sql = with_roles_renamed(extra.sql, names);
    for (Requirement& requirement : entry.requires_on_target)
      if (requirement.what == Requirement::What::role) requirement.name = renamed(names, requirement.name);
  }
}

void rename_tablespaces(Inventory& inventory, const Names& names) {
  for (Entry& entry : inventory.entries) {
    entry.tablespace = renamed(names, entry.tablespace);
    for (Requirement& requirement : entry.requires_on_target)
      if (requirement.what == Requirement::What::tablespace) requirement.name = renamed(names, requirement.name);
  }
}

// ---- rows through the root --------------------------------------------------------------------------------------------

void load_through_roots(Inventory& inventory) {
  std::vector<EntryId> above(inventory.entries.size());  // of a partition: what it is attached to
  for (const Entry& entry : inventory.entries)
    if (entry.kind == Kind::table_attach && entry.parent && !inventory.at(entry.parent).inherits.empty())
      above[entry.parent - 1] = inventory.at(entry.parent).inherits.front();
  auto root_of = [&](EntryId table) {
    while (above[table - 1]) table = above[table - 1];
    return table;
  };
  std::unordered_map<EntryId, std::vector<EntryId>> rows_of_root;
  std::unordered_map<EntryId, EntryId> root_of_rows;
  for (Entry& entry : inventory.entries) {
    if (!entry.data || entry.data->load != DataSpec::Load::copy || !entry.parent || !above[entry.parent - 1]) continue;
    EntryId root = root_of(entry.parent);
    std::string name = qualified(inventory.at(root).schema, inventory.at(root).name);
    entry.data->target = name + entry.data->target.substr(entry.data->relation.size());
    rows_of_root[root].push_back(entry.id);
    root_of_rows[entry.id] = root;
  }
  for (Entry& entry : inventory.entries) {
    if (entry.section != Section::post_data) continue;
    std::vector<EntryId> more;
    for (EntryId on : entry.depends_on)
      if (auto found = root_of_rows.find(on); found != root_of_rows.end()) {
        const auto& all = rows_of_root[found->second];
        more.insert(more.end(), all.begin(), all.end());
      }
    entry.depends_on.insert(entry.depends_on.end(), more.begin(), more.end());
    std::sort(entry.depends_on.begin(), entry.depends_on.end());
    entry.depends_on.erase(std::unique(entry.depends_on.begin(), entry.depends_on.end()), entry.depends_on.end());
  }
}

}  // namespace pghaul::model
