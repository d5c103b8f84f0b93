// PRIMARY KEY, UNIQUE and EXCLUDE constraints, with the index that each makes. On a partitioned table only the parent's own: the
// partitions' constraints are made by themselves and brought together by attaching their indexes (indexes.cc).
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct Constraint {
  Oid oid = 0, table = 0, index = 0;
  std::string name, schema, table_name, table_qualified, index_name, index_qualified, owner;
  char type = 'p', table_kind = 'r';   // type: contype 'p' 'u' 'x'
  bool deferrable = false, deferred = false, nulls_not_distinct = false, without_overlaps = false;
  std::string definition, tablespace;
  std::string index_definition;         // empty: the constraint cannot take over an index that is there
  std::vector<std::string> index_options;
  std::vector<std::string> statistics;  // "2=500": column number of the index and target
  std::int64_t work = 0, sort = 0;
};

// {distinct}: server 15; {period}: server 18; {work}, {sort}: see index_work(). ADD CONSTRAINT ... USING INDEX takes btrees of plain tables;
// for small ones the second text would be for nothing.
constexpr std::string_view kConstraintsQuery = R"(
SELECT k.oid, k.conrelid, k.conindid, k.conname, t.relnamespace, t.relname,
  i.relname, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(i.relname), t.relowner, k.contype, t.relkind,
  k.condeferrable, k.condeferred, {distinct}, {period}, pg_catalog.pg_get_constraintdef(k.oid), s.spcname, i.reloptions,
  {targets},
  {work}, {sort}, CASE WHEN k.contype IN ('p', 'u') AND t.relkind = 'r' AND m.amname = 'btree' AND i.relpages >= 128 THEN pg_catalog.pg_get_indexdef(i.oid) END
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS t ON t.oid = k.conrelid
JOIN pg_catalog.pg_class AS i ON i.oid = k.conindid
JOIN pg_catalog.pg_index AS x ON x.indexrelid = k.conindid
JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
JOIN pg_catalog.pg_am AS m ON m.oid = i.relam
LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = i.reltablespace
WHERE k.contype IN ('p', 'u', 'x') AND t.relpersistence <> 't' AND k.oid >= {first}
ORDER BY k.oid)";

Constraint read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Constraint constraint;
  constraint.oid = fields.oid();
  constraint.table = fields.oid();
  constraint.index = fields.oid();
  constraint.name = fields.str();
  constraint.schema = session.schema(fields.oid());
  constraint.table_name = fields.str();
  constraint.table_qualified = model::qualified(constraint.schema, constraint.table_name);
  constraint.index_name = fields.str();
  constraint.index_qualified = fields.str();
  constraint.owner = session.role(fields.oid());
  constraint.type = fields.letter();
  constraint.table_kind = fields.letter();
  constraint.deferrable = fields.boolean();
  constraint.deferred = fields.boolean();
  constraint.nulls_not_distinct = fields.boolean();
  constraint.without_overlaps = fields.boolean();
  constraint.definition = fields.str();
  constraint.tablespace = fields.str();
  constraint.index_options = fields.array();
  constraint.statistics = fields.array();
  constraint.work = fields.integer();
  constraint.sort = fields.integer();
  constraint.index_definition = fields.str();
  return constraint;
}

std::string deferrability(const Constraint& constraint) {
  return constraint.deferred ? " DEFERRABLE INITIALLY DEFERRED" : constraint.deferrable ? " DEFERRABLE" : "";
}

// The server prints the storage parameters of the index for EXCLUDE alone; they stand before the deferrability.
std::string definition_with_options(const Constraint& constraint) {
  if (constraint.type == 'x' || constraint.index_options.empty()) return constraint.definition;
  std::string tail = deferrability(constraint);
  std::string text = constraint.definition;
  if (text.ends_with(tail)) text.resize(text.size() - tail.size());
  else tail.clear();
  return text + with_clause(constraint.index_options) + tail;
}

Draft emit(const Constraint& constraint) {
  std::string name = model::quote_ident(constraint.name);
  Draft draft;
  draft.address = {catalog_oid::constraint, constraint.oid, 0};
  draft.also = {relation_at(constraint.index)};
  draft.phrase = "CONSTRAINT " + name + " ON " + constraint.table_qualified;
  draft.qualified = constraint.index_qualified;
  draft.parent = relation_at(constraint.table);
  draft.needs = {rows_of(constraint.table)};
  draft.locks = {{relation_at(constraint.table), model::LockMode::access_exclusive}};
  draft.entry->kind = model::Kind::constraint;
  draft.entry->section = model::Section::post_data;
  draft.entry->schema = constraint.schema;
  draft.entry->name = constraint.table_name + " " + constraint.name;
  draft.entry->owner = constraint.owner;
  draft.entry->size = static_cast<std::uint64_t>(constraint.work);
  draft.entry->sort_bytes = static_cast<std::uint64_t>(constraint.sort);
  draft.entry->drop_sql = "ALTER TABLE ONLY " + constraint.table_qualified + " DROP CONSTRAINT " + name;
  set_tablespace(*draft.entry, constraint.tablespace);
  if (constraint.nulls_not_distinct) require_version(*draft.entry, 15, "NULLS NOT DISTINCT of " + draft.phrase);
  if (constraint.without_overlaps) require_version(*draft.entry, 18, "WITHOUT OVERLAPS of " + draft.phrase);
  if (constraint.type == 'x' && constraint.table_kind == 'p') require_version(*draft.entry, 17, "EXCLUDE on a partitioned table of " + draft.phrase);
  const std::string add = fmt::format("ALTER TABLE ONLY {} ADD CONSTRAINT {} ", constraint.table_qualified, name);
  std::string targets;
  for (const std::string& target : constraint.statistics) {
    std::size_t equals = target.find('=');
    targets += fmt::format(";\nALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", constraint.index_qualified, target.substr(0, equals),
                           target.substr(equals + 1));
  }
  draft.text = {add + definition_with_options(constraint) + targets};
  if (!constraint.index_definition.empty() && constraint.index_name == constraint.name) {
    std::string_view key = constraint.type == 'p' ? "PRIMARY KEY" : "UNIQUE";
    draft.entry->two_steps = model::TwoSteps{constraint.index_definition,
                                             fmt::format("{}{} USING INDEX {}{}{}", add, key, name, deferrability(constraint), targets)};
  }
  return draft;
}

}  // namespace

void read_constraints(const Session& session, Drafts& drafts) {
  std::string query = fmt::format(kConstraintsQuery, fmt::arg("distinct", session.at_least(15) ? "x.indnullsnotdistinct" : "false"),
                                  fmt::arg("period", session.at_least(18) ? "k.conperiod" : "false"), fmt::arg("first", kFirstUserOid),
                                  fmt::arg("work", index_work("t", "i", "m")), fmt::arg("sort", index_sort("i", "m")), fmt::arg("targets", index_targets("x")));
  session.connection.stream(query, [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::relation, row.oid(1), row.oid(4))) drafts.add(emit(read(session, row)));
  });
}

}  // namespace pghaul::catalog::kind
