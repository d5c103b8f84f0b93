// See relation.h. Nothing here makes a draft.
#include "catalog/kind/table/relation.h"

#include <fmt/format.h>

#include <unordered_set>

#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

// Column numbers that no relation can have: columns count from 1, system columns go down to single negative digits.
enum Part : std::int32_t {
  part_rows = -1001,
  part_attachment = -1002,
  part_sequence_owner = -1003,
  part_replica_identity = -1004,
  part_cluster_mark = -1005,
  part_row_security = -1006,
};

void append_parameters(std::string& text, const std::vector<std::string>& options, std::string_view prefix) {
  for (const std::string& option : options) {
    std::size_t equals = option.find('=');
    if (!text.empty()) text += ", ";
    text += prefix;
    text += model::quote_ident(option.substr(0, equals));
    if (equals != std::string::npos) text += "=" + model::quote_literal(option.substr(equals + 1));
  }
}

constexpr std::string_view kColumnAclsQuery = R"(
SELECT a.attrelid, a.attname, a.attacl
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relkind IN ({}) AND c.oid >= {}
ORDER BY a.attrelid, a.attnum)";

constexpr std::string_view kInheritsQuery = R"(
SELECT i.inhparent, i.inhrelid
FROM pg_catalog.pg_inherits AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
WHERE c.relkind IN ({})
ORDER BY i.inhparent, i.inhrelid)";

}  // namespace

Address rows_of(Oid relation) { return {catalog_oid::relation, relation, part_rows}; }
Address attachment_of(Oid relation) { return {catalog_oid::relation, relation, part_attachment}; }
Address sequence_owner_of(Oid sequence) { return {catalog_oid::relation, sequence, part_sequence_owner}; }
Address replica_identity_of(Oid table) { return {catalog_oid::relation, table, part_replica_identity}; }
Address cluster_mark_of(Oid table) { return {catalog_oid::relation, table, part_cluster_mark}; }
Address row_security_of(Oid table) { return {catalog_oid::relation, table, part_row_security}; }
Address relation_at(Oid relation) { return {catalog_oid::relation, relation, 0}; }

std::string storage_parameters(const std::vector<std::string>& options, const std::vector<std::string>& toast) {
  std::string text;
  append_parameters(text, options, "");
  append_parameters(text, toast, "toast.");
  return text;
}

std::string with_clause(const std::vector<std::string>& options, const std::vector<std::string>& toast) {
  std::string text = storage_parameters(options, toast);
  return text.empty() ? text : " WITH (" + text + ")";
}

std::vector<std::string> users_column_options(std::vector<std::string> options) {
  std::erase_if(options, [](const std::string& option) { return option.starts_with("pg_attver="); });
  return options;
}

std::string without_semicolon(std::string text) {
  while (!text.empty() && (text.back() == ';' || text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

namespace {

std::string bytes_of(std::string_view relation) {
  return fmt::format("CASE WHEN {0}.relpages > 0 THEN {0}.relpages::pg_catalog.int8 * 8192 ELSE COALESCE(pg_catalog.pg_relation_size({0}.oid), 0) END",
                     relation);
}

}  // namespace

std::string scan_work(std::string_view table) { return "(" + bytes_of(table) + ") / 8"; }

std::string index_work(std::string_view table, std::string_view index, std::string_view access_method) {
  return fmt::format("{} + ({}) * CASE {}.amname WHEN 'btree' THEN 2 WHEN 'hash' THEN 3 WHEN 'brin' THEN 1 ELSE 10 END", scan_work(table),
                     bytes_of(index), access_method);
}

std::string index_sort(std::string_view index, std::string_view access_method) {
  return fmt::format("CASE WHEN {}.amname = 'btree' THEN ({}) * 2 ELSE 0 END", access_method, bytes_of(index));
}

std::string index_targets(std::string_view index) {
  return fmt::format(R"(CASE WHEN {0}.indexprs IS NOT NULL THEN (
    SELECT pg_catalog.array_agg(e.attnum || '=' || e.attstattarget ORDER BY e.attnum)
    FROM pg_catalog.pg_attribute AS e WHERE e.attrelid = {0}.indexrelid AND e.attnum > 0 AND e.attstattarget >= 0) END)",
                     index);
}

void require_version(model::Entry& entry, int major, std::string feature) {
  model::Requirement requirement;
  requirement.what = model::Requirement::What::server_version;
  requirement.name = std::move(feature);
  requirement.min_version = major;
  entry.requires_on_target.push_back(std::move(requirement));
}

void set_tablespace(model::Entry& entry, std::string tablespace) {
  if (tablespace.empty()) return;
  model::Requirement requirement;
  requirement.what = model::Requirement::What::tablespace;
  requirement.name = tablespace;
  entry.requires_on_target.push_back(std::move(requirement));
  entry.tablespace = std::move(tablespace);
}

void attach_column_acls(const Session& session, Drafts& drafts, std::string_view relkinds) {
  session.connection.stream(fmt::format(kColumnAclsQuery, relkinds, kFirstUserOid), [&](const pg::Row& row) {
    Draft* draft = drafts.find(relation_at(row.oid(0)));
    if (!draft || draft->qualified.empty()) return;
    auto acls = make_acl('c', "TABLE " + draft->qualified, draft->entry->owner, {}, false, row.array(2));
    for (model::Acl& acl : acls) {
      acl.column = model::quote_ident(row.text(1));
      draft->entry->acls.push_back(std::move(acl));
    }
  });
}

Descendants::Descendants(const Session& session, std::string_view relkinds) {
  session.connection.stream(fmt::format(kInheritsQuery, relkinds),
                            [&](const pg::Row& row) { children_[row.oid(0)].push_back(row.oid(1)); });
}

std::vector<Oid> Descendants::below(Oid relation) const {
  std::vector<Oid> found, open{relation};
  std::unordered_set<Oid> seen{relation};  // a child of two parents is met twice
  while (!open.empty()) {
    Oid parent = open.back();
    open.pop_back();
    auto children = children_.find(parent);
    if (children == children_.end()) continue;
    for (Oid child : children->second)
      if (seen.insert(child).second) found.push_back(child), open.push_back(child);
  }
  return found;
}

}  // namespace pghaul::catalog::kind
