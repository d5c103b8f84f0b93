// INDEX, except those that a constraint makes (constraints.cc), and what follows an index, whoever made it: the attachment to
// the index of a partitioned table, REPLICA IDENTITY USING INDEX, CLUSTER ON, statistics targets of its expressions.
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct Index {
  Oid oid = 0, table = 0, parent = 0, parent_table = 0;  // parent: the index of the partitioned table that it is attached to
  std::string schema, name, qualified;
  std::string table_schema, table_name, table_qualified, owner;
  char table_kind = 'r';
  std::string definition, tablespace, parent_qualified;
  bool of_constraint = false, replica_identity = false, clustered = false, nulls_not_distinct = false;
  std::vector<std::string> statistics;  // "2=500": column number and target
  std::int64_t work = 0, sort = 0;
};

// An invalid index is left out, as what a failed CREATE INDEX CONCURRENTLY leaves behind, unless it is one of a partitioned table:
// that is invalid until each partition has its own. {distinct}: server 15; {work}, {sort}: see index_work().
constexpr std::string_view kIndexesQuery = R"(
SELECT i.indexrelid, i.indrelid, c.relnamespace, c.relname, t.relnamespace, t.relname, t.relowner, t.relkind,
  CASE WHEN k.oid IS NULL THEN pg_catalog.pg_get_indexdef(i.indexrelid) END, s.spcname,
  h.inhparent, pi.indrelid, pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.relname),
  k.oid IS NOT NULL, i.indisreplident, i.indisclustered, {distinct},
  {targets},
  {work}, {sort}
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = i.indexrelid
LEFT JOIN pg_catalog.pg_index AS pi ON pi.indexrelid = h.inhparent
LEFT JOIN pg_catalog.pg_class AS p ON p.oid = h.inhparent
LEFT JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
WHERE t.relkind IN ('r', 'p', 'm') AND t.relpersistence <> 't' AND i.indexrelid >= {first}
  AND ((i.indisvalid AND i.indisready) OR c.relkind = 'I')
ORDER BY i.indexrelid)";

Index read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Index index;
  index.oid = fields.oid();
  index.table = fields.oid();
  index.schema = session.schema(fields.oid());
  index.name = fields.str();
  index.qualified = model::qualified(index.schema, index.name);
  index.table_schema = session.schema(fields.oid());
  index.table_name = fields.str();
  index.table_qualified = model::qualified(index.table_schema, index.table_name);
  index.owner = session.role(fields.oid());
  index.table_kind = fields.letter();
  index.definition = fields.str();
  index.tablespace = fields.str();
  index.parent = fields.oid();
  index.parent_table = fields.oid();
  index.parent_qualified = fields.str();
  index.of_constraint = fields.boolean();
  index.replica_identity = fields.boolean();
  index.clustered = fields.boolean();
  index.nulls_not_distinct = fields.boolean();
  index.statistics = fields.array();
  index.work = fields.integer();
  index.sort = fields.integer();
  return index;
}

Draft start_after_table(model::Kind kind, const Index& index, Address address, std::string name) {
  Draft draft;
  draft.address = address;
  draft.parent = relation_at(index.table);
  draft.entry->kind = kind;
  draft.entry->section = model::Section::post_data;
  draft.entry->schema = index.schema;
  draft.entry->name = std::move(name);
  draft.entry->owner = index.owner;
  return draft;
}

Draft emit(const Index& index) {
  Draft draft = start_after_table(model::Kind::index, index, relation_at(index.oid), index.name);
  draft.phrase = "INDEX " + index.qualified;
  draft.qualified = index.qualified;
  // A materialized view is refreshed after its indexes are there.
  draft.needs = {index.table_kind == 'm' ? relation_at(index.table) : rows_of(index.table)};
  draft.locks = {{relation_at(index.table), model::LockMode::share}};
  draft.entry->drop_sql = "DROP INDEX " + index.qualified;
  draft.entry->size = static_cast<std::uint64_t>(index.work);
  draft.entry->sort_bytes = static_cast<std::uint64_t>(index.sort);
  set_tablespace(*draft.entry, index.tablespace);
  if (index.nulls_not_distinct) require_version(*draft.entry, 15, "NULLS NOT DISTINCT of index " + index.qualified);
  std::string text = index.definition;
  for (const std::string& target : index.statistics) {
    std::size_t equals = target.find('=');
    text += fmt::format(";\nALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", index.qualified, target.substr(0, equals), target.substr(equals + 1));
  }
  draft.text = {std::move(text)};
  return draft;
}

Draft emit_attachment(const Index& index) {
  Draft draft = start_after_table(model::Kind::index_attach, index, attachment_of(index.oid), index.name);
  draft.needs = {relation_at(index.parent), relation_at(index.oid), attachment_of(index.table)};
  // ACCESS EXCLUSIVE is on the index alone; but whoever builds or checks something of its table opens all of the table's indexes.
  draft.locks = {{relation_at(index.parent), model::LockMode::share_update_exclusive},
                 {relation_at(index.parent_table), model::LockMode::access_share},
                 {relation_at(index.oid), model::LockMode::access_exclusive},
                 {relation_at(index.table), model::LockMode::row_exclusive}};
  draft.text = {"ALTER INDEX " + index.parent_qualified + " ATTACH PARTITION " + index.qualified};
  return draft;
}

// A partitioned table's index is valid, and can be chosen, when all of its partitions' indexes are attached.
Draft emit_replica_identity(const Index& index, const Descendants& descendants) {
  Draft draft = start_after_table(model::Kind::replica_identity, index, replica_identity_of(index.table), index.table_name);
  draft.entry->schema = index.table_schema;
  draft.needs = {relation_at(index.oid), rows_of(index.table)};
  for (Oid below : descendants.below(index.oid)) draft.needs.push_back(attachment_of(below));
  draft.locks = {{relation_at(index.table), model::LockMode::access_exclusive}, {relation_at(index.oid), model::LockMode::share}};
  draft.entry->drop_sql = "ALTER TABLE ONLY " + index.table_qualified + " REPLICA IDENTITY DEFAULT";
  draft.text = {"ALTER TABLE ONLY " + index.table_qualified + " REPLICA IDENTITY USING INDEX " + model::quote_ident(index.name)};
  return draft;
}

Draft emit_cluster_mark(const Index& index) {
  Draft draft = start_after_table(model::Kind::cluster_mark, index, cluster_mark_of(index.table), index.table_name);
  std::string alter = (index.table_kind == 'm' ? "ALTER MATERIALIZED VIEW " : "ALTER TABLE ") + index.table_qualified;
  draft.entry->schema = index.table_schema;
  draft.needs = {relation_at(index.oid)};
  draft.locks = {{relation_at(index.table), model::LockMode::share_update_exclusive},
                 {relation_at(index.oid), model::LockMode::share_update_exclusive}};
  draft.entry->drop_sql = alter + " SET WITHOUT CLUSTER";
  draft.text = {alter + " CLUSTER ON " + model::quote_ident(index.name)};
  return draft;
}

}  // namespace

void read_indexes(const Session& session, Drafts& drafts) {
  Descendants descendants(session, "'i', 'I'");
  std::string query = fmt::format(kIndexesQuery, fmt::arg("distinct", session.at_least(15) ? "i.indnullsnotdistinct" : "false"),
                                  fmt::arg("first", kFirstUserOid), fmt::arg("work", index_work("t", "c", "m")), fmt::arg("sort", index_sort("c", "m")),
                                  fmt::arg("targets", index_targets("i")));
  session.connection.stream(query, [&](const pg::Row& row) {
    if (!session.is_users(catalog_oid::relation, row.oid(1), row.oid(4))) return;  // by table: indexes are no members
    Index index = read(session, row);
    if (!index.of_constraint) drafts.add(emit(index));
    if (index.parent) drafts.add(emit_attachment(index));
    if (index.replica_identity) drafts.add(emit_replica_identity(index, descendants));
    if (index.clustered) drafts.add(emit_cluster_mark(index));
  });
}

}  // namespace pghaul::catalog::kind
