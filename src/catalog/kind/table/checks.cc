// CHECK constraints of tables, and NOT NULL constraints that are not valid yet (18). Valid checks stand in CREATE TABLE;
// what is not valid stands apart after the data, so that no row is refused that the source has.
#include <fmt/format.h>

#include <algorithm>

#include "catalog/kind/table/table.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

// {enforced}: server 18.
constexpr std::string_view kChecksQuery = R"(
SELECT n.conrelid, n.oid, n.conname, pg_catalog.pg_get_constraintdef(n.oid), n.convalidated, n.conislocal, {enforced}
FROM pg_catalog.pg_constraint AS n
JOIN pg_catalog.pg_class AS c ON c.oid = n.conrelid
WHERE n.contype = 'c' AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND c.oid >= {first}
ORDER BY n.conrelid, n.conname)";

Check read_check(Fields& fields) {
  Check check;
  check.oid = fields.oid();
  check.name = fields.str();
  check.definition = fields.str();
  check.valid = fields.boolean();
  check.local = fields.boolean();
  check.enforced = fields.boolean();
  return check;
}

// A constraint without ONLY: what is inherited reaches the children that exist by then.
Detachable constraint_piece(const Table& table, Oid oid, const std::string& name, const std::string& definition) {
  Detachable piece;
  std::string quoted = model::quote_ident(name);
  piece.address = {catalog_oid::constraint, oid, 0};
  piece.phrase = "CONSTRAINT " + quoted + " ON " + table.qualified;
  piece.apart->kind = model::Kind::check_constraint;
  piece.apart->section = model::Section::post_data;
  piece.apart->schema = table.schema;
  piece.apart->name = table.name + " " + name;
  piece.apart->owner = table.owner;
  piece.apart->create_sql = table.alter() + " ADD CONSTRAINT " + quoted + " " + definition;
  piece.apart->drop_sql = table.alter() + " DROP CONSTRAINT " + quoted;
  return piece;
}

Detachable check_piece(const Table& table, const Check& check) {
  Detachable piece = constraint_piece(table, check.oid, check.name, check.definition);
  if (!check.enforced) require_version(*piece.apart, 18, "NOT ENFORCED of constraint " + check.name + " of table " + table.qualified);
  return piece;
}

// What is NOT VALID may be broken by rows: it comes after those of the table and of all below it, which inherit it.
void wait_for_rows(const Tables& tables, const Table& table, Detachable& piece) {
  piece.needs.push_back(rows_of(table.oid));
  piece.locks.emplace_back(relation_at(table.oid), model::LockMode::access_exclusive);
  for (const Table& child : tables.all)
    if (std::find(child.parents.begin(), child.parents.end(), table.oid) != child.parents.end()) wait_for_rows(tables, child, piece);
}

// A partition is created alone, with all that its parent will demand of it. A child by INHERITS gets the rest from there.
bool is_printed(const Writer& writer, const Check& check) {
  return check.valid && check.enforced && (check.local || writer.inheritance != Inheritance::by_clause);
}

}  // namespace

void read_checks(const Session& session, Tables& tables) {
  std::string query = fmt::format(kChecksQuery, fmt::arg("enforced", session.at_least(18) ? "n.conenforced" : "true"),
                                  fmt::arg("first", kFirstUserOid));
  session.connection.stream(query, [&](const pg::Row& row) {
    Fields fields(row);
    if (Table* table = tables.find(fields.oid())) table->checks.push_back(read_check(fields));
  });
}

void write_checks_inline(Writer& writer) {
  for (const Check& check : writer.table.checks)
    if (is_printed(writer, check))
      writer.text.detachable(",\n    CONSTRAINT " + model::quote_ident(check.name) + " " + check.definition,
                             check_piece(writer.table, check));
}

void write_checks_after(Writer& writer, bool inline_done) {
  for (const Check& check : writer.table.checks) {
    Detachable piece = check_piece(writer.table, check);
    if (is_printed(writer, check)) {
      std::string statement = ";\n" + piece.apart->create_sql;
      if (!inline_done) writer.text.detachable(std::move(statement), std::move(piece));
    } else if (check.local) {
      wait_for_rows(writer.tables, writer.table, piece);
      writer.text.apart(std::move(piece));
    }
  }
  for (const Column& column : writer.table.columns) {
    if (!column.constraint().oid || column.constraint().valid || !column.constraint().local) continue;
    std::string name = column.constraint().name.empty() ? writer.table.name + "_" + column.name + "_not_null" : column.constraint().name;
    std::string definition = "NOT NULL " + model::quote_ident(column.name) + " NOT VALID";
    Detachable piece = constraint_piece(writer.table, column.constraint().oid, name, definition);
    require_version(*piece.apart, 18, "NOT NULL NOT VALID of column " + column.name + " of table " + writer.table.qualified);
    wait_for_rows(writer.tables, writer.table, piece);
    writer.text.apart(std::move(piece));
  }
}

}  // namespace pghaul::catalog::kind
