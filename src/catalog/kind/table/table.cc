// TABLE: ordinary, partitioned, typed, inherited and foreign tables, with their columns, defaults and CHECK constraints.
// Not here: rows (table_data.cc), indexes, keys, triggers, rules, policies: they have kinds of their own.
#include "catalog/kind/table/table.h"

#include <fmt/format.h>

#include <unordered_set>

#include "base/release.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

constexpr std::string_view kTablesQuery = R"(
SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.relkind, c.relpersistence, s.spcname, m.amname, c.reltype, rt.typarray,
  CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END,
  c.reloptions, tc.reloptions, c.relreplident, c.relispartition,
  CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, pg_catalog.pg_get_expr(c.relpartbound, c.oid),
  fs.srvname,
  CASE WHEN f.ftoptions IS NOT NULL THEN
    (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(o.option_name) || ' ' || pg_catalog.quote_literal(o.option_value), ', ')
     FROM pg_catalog.pg_options_to_table(f.ftoptions) AS o) END,
  pg_catalog.acldefault('r', c.relowner), c.relacl
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_catalog.pg_type AS rt ON rt.oid = c.reltype
LEFT JOIN pg_catalog.pg_class AS tc ON tc.oid = c.reltoastrelid
LEFT JOIN pg_catalog.pg_foreign_table AS f ON f.ftrelid = c.oid
LEFT JOIN pg_catalog.pg_foreign_server AS fs ON fs.oid = f.ftserver
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= {}
ORDER BY c.oid)";

Table read_table(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Table table;
  table.oid = fields.oid();
  table.schema = session.schema(fields.oid());
  table.name = fields.str();
  table.qualified = model::qualified(table.schema, table.name);
  table.owner = session.role(fields.oid());
  table.kind = fields.letter();
  table.persistence = fields.letter();
  table.tablespace = fields.str();
  table.access_method = fields.str();
  table.row_type = fields.oid();
  table.row_array_type = fields.oid();
  table.of_type = fields.str();
  table.options = fields.array();
  table.toast_options = fields.array();
  table.replica_identity = fields.letter();
  table.partition = fields.boolean();
  table.partition_key = fields.str();
  table.partition_bound = fields.str();
  table.server = fields.str();
  table.foreign_options = fields.str();
  table.privileges = fields.privileges();
  return table;
}

// ---- text ------------------------------------------------------------------------------------------------------------

bool has_clause(const Writer& writer, const Column& column) {
  if (!writer.table.of_type.empty())  // the type says the rest
    return column.not_null || column.default_oid != 0 || column.identity;
  return writer.is_printed(column);
}

// The parenthesized list. Returns whether CHECK constraints stand in it: they follow a column, each with a comma before
// it, so that any of them can be taken out.
bool write_columns(Writer& writer) {
  bool any = false;
  for (const Column& column : writer.table.columns) {
    if (!has_clause(writer, column)) continue;
    writer.text << (any ? ",\n    " : " (\n    ");
    write_column(writer, column);
    any = true;
  }
  if (any) {
    write_checks_inline(writer);
    writer.text << "\n)";
  } else if (writer.table.of_type.empty()) {
    writer.text << " (\n)";
  }
  return any;
}

void write_table(Writer& writer) {
  const Table& table = writer.table;
  writer.text << (table.foreign() ? "CREATE FOREIGN TABLE " : table.persistence == 'u' ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ");
  writer.text << table.qualified;
  if (!table.of_type.empty()) writer.text << " OF " + table.of_type;
  bool checks_done = write_columns(writer);
  write_inherits_clause(writer);
  if (!table.partition_key.empty()) writer.text << "\nPARTITION BY " + table.partition_key;
  if (table.foreign()) writer.text << "\nSERVER " + model::quote_ident(table.server);
  if (!table.foreign_options.empty()) writer.text << "\nOPTIONS (" + table.foreign_options + ")";
  std::string with = with_clause(table.options, table.toast_options);
  if (!with.empty()) writer.text << "\n" + with.substr(1);
  write_checks_after(writer, checks_done);
  for (const Column& column : table.columns) write_column_changes(writer, column);
  write_inherit_statements(writer);
  if (table.foreign()) return;  // it has no replica identity, though the catalog says NOTHING
  if (table.replica_identity == 'n') writer.text << ";\n" + table.alter_only() + " REPLICA IDENTITY NOTHING";
  if (table.replica_identity == 'f') writer.text << ";\n" + table.alter_only() + " REPLICA IDENTITY FULL";
}

// Servers up to 16 let a partition have an identity column of its own; later ones give it its parent's alone.
void require_own_identity(const Table& table, model::Entry& entry) {
  for (const Column& column : table.columns) {
    if (!table.partition || column.identity_clause.empty()) continue;
    require_version(entry, 0, "the identity of its own of column " + column.name + " of partition " + table.qualified);
    entry.requires_on_target.back().max_version = 16;
  }
}

Draft emit_table(const Tables& tables, const Table& table) {
  Draft draft = start_draft(table.foreign() ? model::Kind::foreign_table : model::Kind::table, relation_at(table.oid), table.schema,
                            table.name, (table.foreign() ? "FOREIGN TABLE " : "TABLE ") + table.qualified);
  draft.qualified = table.qualified;
  if (table.row_type) draft.also.push_back({catalog_oid::type, table.row_type, 0});
  if (table.row_array_type) draft.also.push_back({catalog_oid::type, table.row_array_type, 0});
  set_owner(draft, table.owner);
  draft.entry->access_method = table.access_method;
  draft.entry->unlogged = table.persistence == 'u';
  for (Oid parent : table.parents) draft.inherits.push_back(relation_at(parent));
  set_privileges(draft, 'r', "TABLE " + table.qualified, table.owner, table.privileges);
  set_tablespace(*draft.entry, table.tablespace);
  require_own_identity(table, *draft.entry);
  Inheritance inheritance = choose_inheritance(tables, table);
  if (inheritance != Inheritance::none)
    for (Oid parent : table.parents) {
      draft.needs.push_back(relation_at(parent));
      draft.locks.push_back({relation_at(parent), model::LockMode::share_update_exclusive});
    }
  Writer writer{tables, table, inheritance, draft, TextBuilder(draft)};
  write_table(writer);
  return draft;
}

}  // namespace

const Column* Table::find(const std::string& column) const {
  for (const Column& candidate : columns)
    if (candidate.name == column) return &candidate;
  return nullptr;
}

Table* Tables::find(Oid oid) {
  auto at = by_oid.find(oid);
  return at == by_oid.end() ? nullptr : &all[at->second];
}

const Table* Tables::find(Oid oid) const {
  auto at = by_oid.find(oid);
  return at == by_oid.end() ? nullptr : &all[at->second];
}

TextBuilder& TextBuilder::operator<<(std::string_view text) {
  if (!open_) draft_.text.emplace_back(), open_ = true;
  draft_.text.back() += text;
  return *this;
}

void TextBuilder::detachable(std::string text, Detachable piece) {
  piece.segment = draft_.text.size();
  draft_.text.push_back(std::move(text));
  draft_.detachables.push_back(std::move(piece));
  open_ = false;
}

void TextBuilder::apart(Detachable piece) {
  piece.detached = true;
  detachable("", std::move(piece));
}

void read_tables(const Session& session, Drafts& drafts) {
  Tables tables;
  session.connection.stream(fmt::format(kTablesQuery, kFirstUserOid), [&](const pg::Row& row) {
    if (!session.is_users(catalog_oid::relation, row.oid(0), row.oid(1))) return;
    tables.by_oid.emplace(row.oid(0), tables.all.size());
    tables.all.push_back(read_table(session, row));
  });
  read_columns(session, tables);
  read_identity(session, tables);
  read_checks(session, tables);
  read_parents(session, tables);
  std::unordered_set<Oid> parents;
  for (const Table& table : tables.all) parents.insert(table.parents.begin(), table.parents.end());
  for (Table& table : tables.all) {
    drafts.add(emit_table(tables, table));
    if (!parents.contains(table.oid)) release(table.columns);  // children look at their parents' columns
  }
  add_attachments(tables, drafts);
  attach_column_acls(session, drafts, "'r', 'p', 'f'");
}

}  // namespace pghaul::catalog::kind
