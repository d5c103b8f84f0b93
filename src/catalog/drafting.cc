// See drafting.h. Pure text and value work; no query stands here.
#include "catalog/drafting.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "model/ident.h"

namespace pghaul::catalog {
namespace {

// Before 17 an owner could always maintain a table, whatever else was taken away from him.
void give_maintain(std::vector<model::AclItem>& items, const std::string& owner) {
  auto own = std::find_if(items.begin(), items.end(),
                          [&](const model::AclItem& item) { return item.grantee == owner && item.grantor == owner; });
  if (own == items.end()) own = items.insert(items.begin(), {owner, "", "", owner});
  if (own->privileges.find('m') != std::string::npos) return;
  own->privileges += 'm';
  if (own->grantable.size() == all_privileges('r').size() - 1) own->grantable += 'm';
}

Oid parse_oid(const std::string& text) {
  Oid oid = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), oid);
  if (failure != std::errc() || end != text.data() + text.size())
    throw Error(Fault::internal, "'" + printable(text) + "' is no OID");
  return oid;
}

// Settings whose value is a list of identifiers are stored quoted and must not be quoted again as one literal.
bool is_list_setting(std::string_view name) {
  return name == "search_path" || name == "temp_tablespaces" || name == "session_preload_libraries" ||
         name == "local_preload_libraries" || name == "shared_preload_libraries" || name == "unix_socket_directories";
}

}  // namespace

std::vector<Oid> Fields::oids() {
  std::vector<Oid> result;
  for (const std::string& text : array()) result.push_back(parse_oid(text));
  return result;
}

Privileges Fields::privileges() {
  Privileges result;
  result.initial = array();
  result.is_default = row_.is_null(next_);
  result.wanted = array();
  return result;
}

Draft start_draft(model::Kind kind, Address address, std::string schema, std::string name, std::string phrase) {
  Draft draft;
  draft.entry->kind = kind;
  draft.entry->schema = std::move(schema);
  draft.entry->name = std::move(name);
  draft.entry->drop_sql = "DROP " + phrase;
  draft.address = address;
  draft.phrase = std::move(phrase);
  return draft;
}

void set_owner(Draft& draft, const std::string& owner, std::string object) {
  draft.entry->owner = owner;
  if (!owner.empty()) draft.entry->owner_objects = {object.empty() ? draft.phrase : std::move(object)};
}

void set_privileges(Draft& draft, char type, std::string object, const std::string& owner, const Privileges& privileges) {
  for (model::Acl& acl : make_acl(type, std::move(object), owner, privileges.initial, privileges.is_default, privileges.wanted))
    draft.entry->acls.push_back(std::move(acl));
}

std::vector<model::AclItem> acl_items(char type, const std::string& owner, const std::vector<std::string>& texts, bool before_17) {
  std::vector<model::AclItem> items;
  for (const std::string& text : texts) items.push_back(model::parse_acl_item(text));
  if (type == 'r' && before_17 && !owner.empty()) give_maintain(items, owner);
  return items;
}

std::string_view all_privileges(char type) {
  switch (type) {
    case 'r': return "arwdDxtm";
    case 's': return "rwU";
    case 'c': return "arwx";
    case 'f': return "X";
    case 'l': case 'T': case 'F': case 'S': return "U";
    case 'n': return "UC";
    case 'L': return "rw";
    case 'd': return "CTc";
    case 't': return "C";
    case 'p': return "sA";
    default: throw Error(Fault::internal, fmt::format("no object type has the letter '{}' in acldefault()", type));
  }
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string with_clauses(std::string head, const std::vector<std::string>& clauses) {
  return clauses.empty() ? head + " ()" : head + " (\n  " + joined(clauses, ",\n  ") + "\n)";
}

std::string options_clause(const std::vector<std::string>& options) {
  std::vector<std::string> parts;
  for (const std::string& option : options) {
    std::size_t equals = option.find('=');
    std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
    parts.push_back(model::quote_ident(option.substr(0, equals)) + " " + model::quote_literal(value));
  }
  return parts.empty() ? "" : " OPTIONS (" + joined(parts) + ")";
}

bool names_something(std::string_view reg_text) { return !reg_text.empty() && reg_text != "-" && reg_text != "0"; }

std::string set_clause(std::string_view setting) {
  std::size_t equals = setting.find('=');
  std::string_view name = setting.substr(0, equals), value = setting.substr(equals + 1);
  std::string quoted;
  for (std::size_t dot = 0, from = 0; dot != std::string_view::npos; from = dot + 1) {
    dot = name.find('.', from);  // extension.parameter: each part by itself
    quoted += (from ? "." : "") + model::quote_ident(name.substr(from, dot == std::string_view::npos ? dot : dot - from));
  }
  if (is_list_setting(name)) return fmt::format("SET {} TO {}", quoted, value.empty() ? "''" : std::string(value));
  return fmt::format("SET {} TO {}", quoted, model::quote_literal(value));
}

}  // namespace pghaul::catalog
