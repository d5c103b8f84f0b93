#include "model/existence.h"

#include "model/ident.h"

namespace pghaul::model {
namespace {

// What follows DROP and the kind's words: "public.f(integer)" of "DROP FUNCTION public.f(integer)".
std::string dropped_object(const Entry& entry) {
  const std::string& sql = entry.drop_sql;
  std::size_t at = 0;
  for (;;) {
    std::size_t end = sql.find(' ', at);
    if (end == std::string::npos) return sql.substr(at);
    for (std::size_t i = at; i < end; ++i)
      if (sql[i] < 'A' || sql[i] > 'Z') return sql.substr(at);
    at = end + 1;
  }
}

// The entry's name is not quoted and ends in the types; DROP has it quoted, but with argument names and modes.
std::string routine(const Entry& entry) {
  std::string object = dropped_object(entry);
  for (std::size_t at = entry.name.find('('); at != std::string::npos; at = entry.name.find('(', at + 1)) {
    std::string quoted = qualified(entry.schema, entry.name.substr(0, at));
    if (object.starts_with(quoted + "(")) return quoted + entry.name.substr(at);
  }
  return {};
}

// The name of a constraint's index, which stands after its table's in the entry's name.
std::string index_of(const Inventory& inventory, const Entry& entry) {
  if (!entry.parent) return {};
  std::size_t start = inventory.at(entry.parent).name.size() + 1;
  return start < entry.name.size() ? qualified(entry.schema, entry.name.substr(start)) : "";
}

}  // namespace

std::optional<Requirement> existence(const Inventory& inventory, const Entry& entry) {
  auto look = [](std::string catalog, std::string name) {
    std::optional<Requirement> found;
    if (!name.empty()) found = Requirement{Requirement::What::object, std::move(name), std::move(catalog)};
    return found;
  };
  if (entry.drop_sql.empty()) return std::nullopt;  // always there, or made with something else
  std::string relation = qualified(entry.schema, entry.name), dotted = entry.schema + "." + entry.name;
  switch (entry.kind) {
    using enum Kind;
    case table: case foreign_table: case view: case materialized_view: case sequence: case index: return look("relation", relation);
    case constraint: return look("relation", index_of(inventory, entry));
    case shell_type: case base_type: case enum_type: case domain: case composite_type: case range_type: return look("type", relation);
    case function: case procedure: case aggregate: return look("routine", routine(entry));
    case op: return look("operator", dropped_object(entry));
    case collation: return look("collation", relation);
    case schema: return look("schema", quote_ident(entry.name));
    case access_method: return look("access method", entry.name);
    case event_trigger: return look("event trigger", entry.name);
    case extension: return look("extension", entry.name);
    case foreign_data_wrapper: return look("foreign data wrapper", entry.name);
    case foreign_server: return look("server", entry.name);
    case language: return look("language", entry.name);
    case publication: return look("publication", entry.name);
    case subscription: return look("subscription", entry.name);
    case role: return look("role", entry.name);
    case tablespace: return look("tablespace", entry.name);
    case text_search_parser: return look("text search parser", dotted);
    case text_search_dictionary: return look("text search dictionary", dotted);
    case text_search_template: return look("text search template", dotted);
    case text_search_configuration: return look("text search configuration", dotted);
    default: return std::nullopt;
  }
}

}  // namespace pghaul::model
