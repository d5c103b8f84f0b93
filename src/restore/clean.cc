#include "restore/clean.h"

#include <algorithm>
#include <ranges>
#include <set>

#include "model/existence.h"
#include "model/ident.h"

namespace pghaul::restore {
namespace {

// Words of a statement in capitals, as the catalog writes them, stand before the object's name, which is quoted when it has any.
std::size_t end_of_kind(const std::string& sql) {
  std::size_t at = 0;
  while (at < sql.size()) {
    std::size_t end = std::min(sql.find(' ', at), sql.size());
    std::string word = sql.substr(at, end - at);
    bool capitals = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!capitals || word == "FOR" || word == "ONLY") return at;
    at = end + 1;
  }
  return std::min(at, sql.size());
}

std::string with_if_exists(std::string sql) {
  constexpr std::string_view constraint = " DROP CONSTRAINT ";
  std::string tail;
  if (std::size_t at = sql.find(constraint); at != std::string::npos && sql.starts_with("ALTER ")) {
    tail = " DROP CONSTRAINT IF EXISTS " + sql.substr(at + constraint.size());
    sql.resize(at);
  }
  if (sql.starts_with("SELECT ")) return sql + " WHERE o IN (SELECT m.oid FROM pg_catalog.pg_largeobject_metadata AS m)";
  return sql.insert(end_of_kind(sql), "IF EXISTS ") + tail;
}

// Detaching, disabling and the like are left out: what they are about is dropped whole. Sequences are not: a table would
// take those that it owns along.
bool drops_something(const std::string& sql) {
  return sql.starts_with("DROP ") || sql.starts_with("SELECT pg_catalog.lo_unlink") ||
         (sql.starts_with("ALTER ") && (sql.find(" DROP CONSTRAINT ") != std::string::npos || sql.ends_with(" DROP DEFAULT") ||
                                       sql.ends_with(" OWNED BY NONE")));
}

// The indexes of partitions that are attached to one above cannot be dropped alone, and go with that.
std::set<std::string> attached_indexes(const model::Inventory& inventory) {
  std::set<std::string> names;
  for (const model::Entry& entry : inventory.entries)
    if (entry.kind == model::Kind::index_attach) names.insert(model::qualified(entry.schema, entry.name));
  return names;
}

}  // namespace

std::vector<std::string> drop_statements(const model::Inventory& inventory, bool if_exists) {
  std::vector<std::string> statements;
  std::set<std::string> attached = attached_indexes(inventory);
  auto goes_along = [&](const model::Entry& entry) {
    auto existence = model::existence(inventory, entry);
    return existence && existence->detail == "relation" && attached.contains(existence->name);
  };
  for (const model::Entry& entry : std::views::reverse(inventory.entries))
    if (entry.kind != model::Kind::database && drops_something(entry.drop_sql) && !goes_along(entry))
      statements.push_back(if_exists ? with_if_exists(entry.drop_sql) : entry.drop_sql);
  return statements;
}

}  // namespace pghaul::restore
