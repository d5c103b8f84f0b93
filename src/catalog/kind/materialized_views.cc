// MATERIALIZED VIEW, always created WITH NO DATA: the REFRESH is an entry of its own (table_data.cc), made only for what is
// populated on the source.
#include <fmt/format.h>

#include "base/error.h"
#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct MaterializedView {
  Oid oid = 0, row_type = 0, row_array_type = 0, rule = 0;
  std::string schema, name, qualified, owner, tablespace, access_method;
  std::vector<std::string> options, toast_options;
  std::string body;
  Privileges privileges;
};

struct ColumnChange {
  Oid view = 0;
  std::string column;
  char storage = 0;      // 0: the type's own
  char compression = 0;  // 0: the server's default
  int statistics = -1;
  std::vector<std::string> options;
};

constexpr std::string_view kMaterializedViewsQuery = R"(
SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.reltype, t.typarray, r.oid, s.spcname, m.amname, c.reloptions, tc.reloptions,
  pg_catalog.pg_get_viewdef(c.oid), pg_catalog.acldefault('r', c.relowner), c.relacl
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = c.reltype
LEFT JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = c.oid AND r.ev_type = '1'
LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_catalog.pg_class AS tc ON tc.oid = c.reltoastrelid
WHERE c.relkind = 'm' AND c.oid >= {}
ORDER BY c.oid)";

// {compression}: server 14.
constexpr std::string_view kColumnChangesQuery = R"(
SELECT a.attrelid, a.attname, CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, {compression},
  COALESCE(a.attstattarget, -1), a.attoptions
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE c.relkind = 'm' AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attstorage <> t.typstorage OR {compression} <> '' OR COALESCE(a.attstattarget, -1) >= 0 OR a.attoptions IS NOT NULL)
ORDER BY a.attrelid, a.attnum)";

MaterializedView read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  MaterializedView view;
  view.oid = fields.oid();
  view.schema = session.schema(fields.oid());
  view.name = fields.str();
  view.qualified = model::qualified(view.schema, view.name);
  view.owner = session.role(fields.oid());
  view.row_type = fields.oid();
  view.row_array_type = fields.oid();
  view.rule = fields.oid();
  view.tablespace = fields.str();
  view.access_method = fields.str();
  view.options = fields.array();
  view.toast_options = fields.array();
  view.body = without_semicolon(fields.str());
  view.privileges = fields.privileges();
  if (view.body.empty())
    throw Error(Fault::internal, "materialized view " + printable(view.qualified) + " has no definition in the catalog");
  return view;
}

ColumnChange read_change(const pg::Row& row) {
  Fields fields(row);
  ColumnChange change;
  change.view = fields.oid();
  change.column = fields.str();
  change.storage = fields.letter();
  change.compression = fields.letter();
  change.statistics = static_cast<int>(fields.integer());
  change.options = users_column_options(fields.array());
  return change;
}

std::string_view storage_name(char letter) {
  return letter == 'p' ? "PLAIN" : letter == 'e' ? "EXTERNAL" : letter == 'm' ? "MAIN" : "EXTENDED";
}

void apply(const ColumnChange& change, Draft& draft) {
  std::string alter = "ALTER MATERIALIZED VIEW " + draft.qualified + " ALTER COLUMN " + model::quote_ident(change.column);
  std::string& text = draft.text.front();
  if (change.statistics >= 0) text += fmt::format(";\n{} SET STATISTICS {}", alter, change.statistics);
  if (change.storage) text += fmt::format(";\n{} SET STORAGE {}", alter, storage_name(change.storage));
  if (!change.options.empty()) text += ";\n" + alter + " SET (" + storage_parameters(change.options) + ")";
  if (!change.compression) return;
  draft.entry->extras.push_back({model::Extra::Policy::compression, alter + " SET COMPRESSION " + (change.compression == 'l' ? "lz4" : "pglz")});
}

Draft emit(const MaterializedView& view) {
  Draft draft = start_draft(model::Kind::materialized_view, relation_at(view.oid), view.schema, view.name,
                            "MATERIALIZED VIEW " + view.qualified);
  draft.qualified = view.qualified;
  if (view.row_type) draft.also.push_back({catalog_oid::type, view.row_type, 0});
  if (view.row_array_type) draft.also.push_back({catalog_oid::type, view.row_array_type, 0});
  if (view.rule) draft.also.push_back({catalog_oid::rewrite, view.rule, 0});
  set_owner(draft, view.owner);
  set_privileges(draft, 'r', "TABLE " + view.qualified, view.owner, view.privileges);
  set_tablespace(*draft.entry, view.tablespace);
  draft.entry->access_method = view.access_method;
  draft.text = {"CREATE MATERIALIZED VIEW " + view.qualified + with_clause(view.options, view.toast_options) + " AS\n" + view.body +
                "\n  WITH NO DATA"};
  return draft;
}

}  // namespace

void read_materialized_views(const Session& session, Drafts& drafts) {
  session.connection.stream(fmt::format(kMaterializedViewsQuery, kFirstUserOid), [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::relation, row.oid(0), row.oid(1))) drafts.add(emit(read(session, row)));
  });
  std::string changes = fmt::format(kColumnChangesQuery, fmt::arg("compression", session.at_least(14) ? "a.attcompression" : "''"));
  session.connection.stream(changes, [&](const pg::Row& row) {
    ColumnChange change = read_change(row);
    Draft* draft = drafts.find(relation_at(change.view));
    if (draft && draft->entry->kind == model::Kind::materialized_view) apply(change, *draft);
  });
  attach_column_acls(session, drafts, "'m'");
}

}  // namespace pghaul::catalog::kind
