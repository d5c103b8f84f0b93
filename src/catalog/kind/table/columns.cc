// The columns of tables: their clauses in CREATE TABLE, and the statements for what a clause cannot say (storage,
// compression, statistics target, options) or cannot say of a column that comes from a parent.
#include <fmt/format.h>

#include "catalog/kind/table/table.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

// {compression}: server 14; {constraint}: NOT NULL constraints in pg_constraint, server 18, the last of it: whether the server
// would choose the name itself, which it does not where another constraint that is written out has it in this schema. What a
// primary key makes local of an inherited one, it does again on the target.
constexpr std::string_view kColumnsQuery = R"(
SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
  CASE WHEN l.oid IS NOT NULL THEN pg_catalog.quote_ident(ln.nspname) || '.' || pg_catalog.quote_ident(l.collname) END,
  a.attnotnull, a.attislocal, a.attinhcount > 0, a.attidentity, a.attgenerated, a.attstorage, t.typstorage,
  {compression}, COALESCE(a.attstattarget, -1), a.attoptions,
  CASE WHEN a.attfdwoptions IS NOT NULL THEN
    (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(o.option_name) || ' ' || pg_catalog.quote_literal(o.option_value), ', ')
     FROM pg_catalog.pg_options_to_table(a.attfdwoptions) AS o) END,
  d.oid, pg_catalog.pg_get_expr(d.adbin, d.adrelid), d.oid IN (
    SELECT e.objid FROM pg_catalog.pg_depend AS e WHERE e.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND e.deptype = 'n'),
  {constraint}
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace AS ln ON ln.oid = l.collnamespace
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
{join}
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= {first}
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum)";

constexpr std::string_view kConstraint18 = R"(n.oid, n.conname,
  n.conislocal AND NOT (a.attinhcount > 0 AND n.coninhcount > 0 AND n.conname = c.relname || '_' || a.attname || '_not_null' AND EXISTS (
    SELECT FROM pg_catalog.pg_index AS p WHERE p.indrelid = a.attrelid AND p.indisprimary AND a.attnum = ANY (p.indkey))),
  n.connoinherit, n.convalidated,
  n.conname = c.relname || '_' || a.attname || '_not_null' AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS o LEFT JOIN pg_catalog.pg_class AS oc ON oc.oid = o.conrelid
    WHERE o.conname = n.conname AND o.connamespace = n.connamespace AND o.oid <> n.oid AND (o.conislocal OR oc.relispartition)))";
constexpr std::string_view kJoin18 = R"(LEFT JOIN pg_catalog.pg_constraint AS n
  ON n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum])";

std::string columns_query(const Session& session) {
  bool named = session.at_least(18);
  return fmt::format(kColumnsQuery, fmt::arg("compression", session.at_least(14) ? "a.attcompression" : "''"),
                     fmt::arg("constraint", named ? kConstraint18 : "NULL, NULL, NULL, NULL, NULL, NULL"),
                     fmt::arg("join", named ? kJoin18 : ""), fmt::arg("first", kFirstUserOid));
}

Boxed<NotNull> read_not_null(Fields& fields) {
  NotNull constraint;
  constraint.oid = fields.oid();
  if (!constraint.oid) return {};
  constraint.name = fields.str();
  constraint.local = fields.boolean();
  constraint.no_inherit = fields.boolean();
  constraint.valid = fields.boolean();
  if (fields.boolean()) constraint.name.clear();  // as the server would name it
  return constraint;
}

Column read_column(Fields& fields) {
  Column column;
  column.number = static_cast<int>(fields.integer());
  column.name = fields.str();
  column.type = fields.str();
  column.collation = fields.str();
  column.not_null = fields.boolean();
  column.local = fields.boolean();
  column.inherited = fields.boolean();
  column.identity = fields.letter();
  column.generated = fields.letter();
  column.storage = fields.letter();
  column.type_storage = fields.letter();
  column.compression = fields.letter();
  column.statistics = static_cast<int>(fields.integer());
  column.options = users_column_options(fields.array());
  column.foreign_options = fields.str();
  column.default_oid = fields.oid();
  column.default_text = fields.str();
  column.default_needs = fields.boolean();
  column.named_not_null = read_not_null(fields);
  return column;
}

std::string_view storage_name(char letter) {
  switch (letter) {
    case 'p': return "PLAIN";
    case 'e': return "EXTERNAL";
    case 'm': return "MAIN";
    default: return "EXTENDED";
  }
}

Detachable default_piece(const Table& table, const Column& column) {
  Detachable piece;
  std::string name = model::quote_ident(column.name);
  piece.address = {catalog_oid::attrdef, column.default_oid, 0};
  piece.apart->kind = model::Kind::column_default;
  piece.apart->section = model::Section::pre_data;
  piece.apart->schema = table.schema;
  piece.apart->name = table.name + " " + column.name;
  piece.apart->owner = table.owner;
  piece.apart->create_sql = table.alter_only() + " ALTER COLUMN " + name + " SET DEFAULT " + column.default_text;
  piece.apart->drop_sql = table.alter() + " ALTER COLUMN " + name + " DROP DEFAULT";
  return piece;
}

// A child's column that its parents have too gets their expression, and is given one only where it is another.
void write_generation(Writer& writer, const Column& column) {
  FromParents given;
  if (writer.by_clause(column)) given = from_parents(writer.tables, writer.table, column);
  if (!writer.by_clause(column) || given.no_generation || given.other_generation)
    writer.text << " GENERATED ALWAYS AS (" + column.default_text + (column.generated == 'v' ? ")" : ") STORED");
  writer.draft.also.push_back({catalog_oid::attrdef, column.default_oid, 0});
  const std::string of_column = " of column " + column.name + " of table " + writer.table.qualified;
  if (column.generated == 'v')
    require_version(*writer.draft.entry, 18, "the virtual generated column " + column.name + " of table " + writer.table.qualified);
  if (given.other_generation) require_version(*writer.draft.entry, 16, "the generation expression, other than its parent's," + of_column);
  if (given.no_generation) {
    require_version(*writer.draft.entry, 0, "the generation expression, where its parent has none," + of_column);
    writer.draft.entry->requires_on_target.back().max_version = 15;
  }
}

void write_value(Writer& writer, const Column& column) {
  if (column.generated) {
    write_generation(writer, column);
  } else if (!column.identity_clause.empty()) {
    writer.text << " " + column.identity_clause;
  } else if (column.default_oid != 0 && !column.default_needs) {
    writer.text << " DEFAULT " + column.default_text;
  } else if (column.default_oid != 0) {
    writer.text.detachable(" DEFAULT " + column.default_text, default_piece(writer.table, column));
  } else if (writer.by_clause(column) && from_parents(writer.tables, writer.table, column).has_default) {
    writer.text << " DEFAULT NULL";
  }
}

bool prints_not_null(const Writer& writer, const Column& column) {
  if (!column.not_null || !column.constraint().valid) return false;
  // A server that records where NOT NULL comes from (18): only what the table says itself.
  return !writer.by_clause(column) || column.constraint().local || !from_parents(writer.tables, writer.table, column).not_null;
}

void write_not_null(Writer& writer, const Column& column) {
  if (!prints_not_null(writer, column)) return;
  if (!column.constraint().name.empty()) writer.text << " CONSTRAINT " + model::quote_ident(column.constraint().name);
  writer.text << " NOT NULL";
  if (!column.constraint().no_inherit) return;
  writer.text << " NO INHERIT";
  require_version(*writer.draft.entry, 18, "NOT NULL NO INHERIT of column " + column.name + " of table " + writer.table.qualified);
}

// What the clause of a column says, for one that has no clause because it comes from a parent.
void write_inherited_column(Writer& writer, const Column& column) {
  FromParents given = from_parents(writer.tables, writer.table, column);
  std::string alter = ";\n" + writer.table.alter_only() + " ALTER COLUMN " + model::quote_ident(column.name);
  bool own_not_null = column.constraint().oid != 0 && column.constraint().local && column.constraint().valid;
  if (column.not_null && column.constraint().valid && (!given.not_null || own_not_null)) writer.text << alter + " SET NOT NULL";
  if (column.generated) {
    writer.draft.also.push_back({catalog_oid::attrdef, column.default_oid, 0});
    if (given.other_generation) {
      writer.text << alter + " SET EXPRESSION AS (" + column.default_text + ")";
      require_version(*writer.draft.entry, 17, "the generation expression, other than its parent's, of column " + column.name + " of table " + writer.table.qualified);
    }
  } else if (!column.identity_clause.empty()) {
    writer.text << alter + " ADD " + column.identity_clause;
  } else if (column.default_oid != 0) {
    writer.text.apart(default_piece(writer.table, column));
  } else if (given.has_default) {
    writer.text << alter + " DROP DEFAULT";
  }
}

void write_storage(Writer& writer, const Column& column, const std::string& alter) {
  FromParents given;
  if (writer.by_clause(column)) given = from_parents(writer.tables, writer.table, column);
  if (column.storage != column.type_storage || given.other_storage)
    writer.text << fmt::format(";\n{} SET STORAGE {}", alter, storage_name(column.storage));
  if (!column.compression && !given.other_compression) return;
  std::string_view method = column.compression == 'l' ? "lz4" : column.compression == 'p' ? "pglz" : "default";
  writer.draft.entry->extras.push_back({model::Extra::Policy::compression, fmt::format("{} SET COMPRESSION {}", alter, method)});
}

}  // namespace

const NotNull& Column::constraint() const {
  static const NotNull none;
  return named_not_null ? *named_not_null : none;
}

void read_columns(const Session& session, Tables& tables) {
  Table* last = nullptr;
  session.connection.stream(columns_query(session), [&](const pg::Row& row) {
    Fields fields(row);
    Table* table = tables.find(fields.oid());
    if (last && table != last) last->columns.shrink_to_fit();  // of many tables, the room for more columns is felt
    if (table) table->columns.push_back(read_column(fields));
    last = table;
  });
}

void write_column(Writer& writer, const Column& column) {
  writer.text << model::quote_ident(column.name);
  if (writer.table.of_type.empty()) {
    writer.text << " " + column.type;
    if (!column.collation.empty()) writer.text << " COLLATE " + column.collation;
  } else {
    writer.text << " WITH OPTIONS";
  }
  if (!column.foreign_options.empty()) writer.text << " OPTIONS (" + column.foreign_options + ")";
  write_value(writer, column);
  write_not_null(writer, column);
}

void write_column_changes(Writer& writer, const Column& column) {
  std::string alter = writer.table.alter_only() + " ALTER COLUMN " + model::quote_ident(column.name);
  if (!writer.is_printed(column)) {
    write_inherited_column(writer, column);
    if (!column.foreign_options.empty()) writer.text << ";\n" + alter + " OPTIONS (" + column.foreign_options + ")";
  }
  if (column.statistics >= 0) writer.text << fmt::format(";\n{} SET STATISTICS {}", alter, column.statistics);
  write_storage(writer, column, alter);
  if (!column.options.empty()) writer.text << ";\n" + alter + " SET (" + storage_parameters(column.options) + ")";
}

}  // namespace pghaul::catalog::kind
