// VIEW. Its options and body are one piece, which can be taken out: the view then begins as a dummy with the same columns
// and gets its body by CREATE OR REPLACE VIEW. Defaults of its columns always follow as entries of their own.
#include <fmt/format.h>

#include "base/error.h"
#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct View {
  Oid oid = 0, row_type = 0, row_array_type = 0, rule = 0;
  std::string schema, name, qualified, owner;
  std::vector<std::string> options;
  std::string body;
  Privileges privileges;
  std::string dummy_columns;  // 'NULL::integer AS a, ...'
};

struct ColumnDefault {
  Oid view = 0, oid = 0;
  std::string column, text;
};

constexpr std::string_view kViewsQuery = R"(
SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.reltype, t.typarray, r.oid, c.reloptions,
  pg_catalog.pg_get_viewdef(c.oid), pg_catalog.acldefault('r', c.relowner), c.relacl
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = c.reltype
LEFT JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = c.oid AND r.ev_type = '1' AND r.rulename = '_RETURN'
WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND c.oid >= {}
ORDER BY c.oid)";

constexpr std::string_view kDummyColumnsQuery = R"(
SELECT a.attrelid, pg_catalog.string_agg('NULL::' || pg_catalog.format_type(a.atttypid, a.atttypmod) ||
  CASE WHEN l.oid IS NOT NULL
    THEN ' COLLATE ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(l.collname) ELSE '' END ||
  ' AS ' || pg_catalog.quote_ident(a.attname), E',\n    ' ORDER BY a.attnum)
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = l.collnamespace
WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND c.oid >= {} AND a.attnum > 0 AND NOT a.attisdropped
GROUP BY a.attrelid)";

constexpr std::string_view kDefaultsQuery = R"(
SELECT d.adrelid, d.oid, a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid)
FROM pg_catalog.pg_attrdef AS d
JOIN pg_catalog.pg_class AS c ON c.oid = d.adrelid
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE c.relkind = 'v' AND c.relpersistence <> 't'
ORDER BY d.adrelid, d.adnum)";

View read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  View view;
  view.oid = fields.oid();
  view.schema = session.schema(fields.oid());
  view.name = fields.str();
  view.qualified = model::qualified(view.schema, view.name);
  view.owner = session.role(fields.oid());
  view.row_type = fields.oid();
  view.row_array_type = fields.oid();
  view.rule = fields.oid();
  view.options = fields.array();
  view.body = without_semicolon(fields.str());
  view.privileges = fields.privileges();
  if (view.body.empty()) throw Error(Fault::internal, "view " + printable(view.qualified) + " has no definition in the catalog");
  return view;
}

Detachable definition_piece(const View& view, const std::string& body) {
  Detachable piece;
  piece.address = {catalog_oid::rewrite, view.rule, 0};
  piece.segment = 1;
  piece.phrase = "RULE \"_RETURN\" ON " + view.qualified;
  piece.when_detached = " AS\n SELECT" + (view.dummy_columns.empty() ? "" : "\n    " + view.dummy_columns);
  piece.apart->kind = model::Kind::view_definition;
  piece.apart->section = model::Section::pre_data;
  piece.apart->schema = view.schema;
  piece.apart->name = view.name;
  piece.apart->owner = view.owner;
  piece.apart->create_sql = "CREATE OR REPLACE VIEW " + view.qualified + body;
  return piece;
}

Detachable default_piece(const View& view, const ColumnDefault& value, std::size_t segment) {
  Detachable piece;
  std::string alter = "ALTER VIEW " + view.qualified + " ALTER COLUMN " + model::quote_ident(value.column);
  piece.address = {catalog_oid::attrdef, value.oid, 0};
  piece.segment = segment;
  piece.detached = true;
  piece.apart->kind = model::Kind::column_default;
  piece.apart->section = model::Section::pre_data;
  piece.apart->schema = view.schema;
  piece.apart->name = view.name + " " + value.column;
  piece.apart->owner = view.owner;
  piece.apart->create_sql = alter + " SET DEFAULT " + value.text;
  piece.apart->drop_sql = alter + " DROP DEFAULT";
  return piece;
}

Draft emit(const View& view, const std::vector<ColumnDefault>& defaults) {
  Draft draft = start_draft(model::Kind::view, relation_at(view.oid), view.schema, view.name, "VIEW " + view.qualified);
  draft.qualified = view.qualified;
  if (view.row_type) draft.also.push_back({catalog_oid::type, view.row_type, 0});
  if (view.row_array_type) draft.also.push_back({catalog_oid::type, view.row_array_type, 0});
  set_owner(draft, view.owner);
  set_privileges(draft, 'r', "TABLE " + view.qualified, view.owner, view.privileges);
  std::string body = with_clause(view.options) + " AS\n" + view.body;
  draft.text = {"CREATE VIEW " + view.qualified, body};
  draft.detachables.push_back(definition_piece(view, body));
  for (const ColumnDefault& value : defaults) {
    draft.detachables.push_back(default_piece(view, value, draft.text.size()));
    draft.text.emplace_back();
  }
  for (const std::string& option : view.options)
    if (option.starts_with("security_invoker=")) require_version(*draft.entry, 15, "security_invoker of view " + view.qualified);
  return draft;
}

}  // namespace

void read_views(const Session& session, Drafts& drafts) {
  std::vector<View> views;
  std::unordered_map<Oid, std::string> dummies;
  std::unordered_map<Oid, std::vector<ColumnDefault>> defaults;
  session.connection.stream(fmt::format(kViewsQuery, kFirstUserOid), [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::relation, row.oid(0), row.oid(1))) views.push_back(read(session, row));
  });
  session.connection.stream(fmt::format(kDummyColumnsQuery, kFirstUserOid),
                            [&](const pg::Row& row) { dummies.emplace(row.oid(0), row.str(1)); });
  session.connection.stream(std::string(kDefaultsQuery), [&](const pg::Row& row) {
    defaults[row.oid(0)].push_back({row.oid(0), row.oid(1), row.str(2), row.str(3)});
  });
  for (View& view : views) {
    view.dummy_columns = std::move(dummies[view.oid]);
    drafts.add(emit(view, defaults[view.oid]));
  }
  attach_column_acls(session, drafts, "'v'");
}

}  // namespace pghaul::catalog::kind
