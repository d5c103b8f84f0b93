// Inheritance: which columns, defaults and constraints a child gets from its parents, and by which of two ways it is
// brought to them. CREATE TABLE ... INHERITS puts the parents' columns first; where that would disturb the source's
// order and the child has all of its columns by itself, it is created alone and then ALTER TABLE ... INHERIT.
#include <fmt/format.h>

#include <algorithm>

#include "catalog/kind/table/table.h"

namespace pghaul::catalog::kind {

namespace {

constexpr std::string_view kParentsQuery = R"(
SELECT i.inhrelid, i.inhparent
FROM pg_catalog.pg_inherits AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
WHERE c.relkind IN ('r', 'p', 'f')
ORDER BY i.inhrelid, i.inhseqno)";

// The order of columns that CREATE TABLE ... INHERITS would give.
std::vector<std::string_view> order_by_clause(const Tables& tables, const Table& table) {
  std::vector<std::string_view> order;
  auto append = [&](const Column& column) {
    if (std::find(order.begin(), order.end(), column.name) == order.end()) order.push_back(column.name);
  };
  for (Oid parent : table.parents)
    if (const Table* from = tables.find(parent))
      for (const Column& column : from->columns) append(column);
  for (const Column& column : table.columns) append(column);
  return order;
}

bool stands_alone(const Table& table) {
  return std::all_of(table.columns.begin(), table.columns.end(), [](const Column& c) { return c.local && !c.identity; }) &&
         std::all_of(table.checks.begin(), table.checks.end(), [](const Check& c) { return c.local; });
}

std::vector<std::string> parent_names(const Writer& writer) {
  std::vector<std::string> names;
  for (Oid parent : writer.table.parents)
    if (const Table* from = writer.tables.find(parent)) names.push_back(from->qualified);
  return names;
}

}  // namespace

void read_parents(const Session& session, Tables& tables) {
  session.connection.stream(std::string(kParentsQuery), [&](const pg::Row& row) {
    if (Table* table = tables.find(row.oid(0))) table->parents.push_back(row.oid(1));
  });
}

Inheritance choose_inheritance(const Tables& tables, const Table& table) {
  if (table.partition || table.parents.empty()) return Inheritance::none;
  if (!stands_alone(table)) return Inheritance::by_clause;
  auto order = order_by_clause(tables, table);
  bool same = order.size() == table.columns.size() &&
              std::equal(order.begin(), order.end(), table.columns.begin(), [](std::string_view a, const Column& c) { return a == c.name; });
  return same ? Inheritance::by_clause : Inheritance::afterwards;
}

FromParents from_parents(const Tables& tables, const Table& table, const Column& column) {
  FromParents given;
  for (Oid oid : table.parents) {
    const Table* parent = tables.find(oid);
    const Column* same = parent ? parent->find(column.name) : nullptr;
    if (!same) continue;
    given.has_default |= same->default_oid != 0 && !same->generated;
    given.not_null |= same->not_null && same->constraint().valid && !same->constraint().no_inherit;
    given.other_storage |= same->storage != column.storage;
    given.other_compression |= same->compression != column.compression;
    given.no_generation |= !same->generated;
    given.other_generation |= same->generated && same->default_text != column.default_text;
  }
  return given;
}

void write_inherits_clause(Writer& writer) {
  if (writer.inheritance != Inheritance::by_clause) return;
  writer.text << "\nINHERITS (" + joined(parent_names(writer)) + ")";
}

void write_inherit_statements(Writer& writer) {
  if (writer.inheritance != Inheritance::afterwards) return;
  for (const std::string& parent : parent_names(writer)) writer.text << ";\n" + writer.table.alter() + " INHERIT " + parent;
}

}  // namespace pghaul::catalog::kind
