// The rows of tables: one entry for each table that has rows of its own, and for the configuration tables of extensions as
// far as their condition says. Partitions by a hash that differs between clusters are one entry together.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "catalog/kind/table/portable_types.h"
#include "catalog/kind/table/refresh.h"
#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct TableData {
  Oid oid = 0;
  bool partitioned = false;
  std::string schema, name, qualified, owner;
  std::string access_method;
  std::int64_t rows = 0, heap_bytes = 0, bytes = 0, block_size = 8192;
  std::vector<std::string> columns;
  std::vector<Oid> types;
  Oid extension = 0;      // whose configuration table it is
  std::string condition;  // 'WHERE ...' or ""
  bool through_root = false;  // a partitioned table that takes the rows of all below it
  std::vector<Oid> parts;     // those below it
};

// Partitioned tables whose rows may belong to other partitions on another server: the hash of an enum value is that of its
// OID, which is new there; so are those of what may contain one, and of text under a nondeterministic collation. Each table
// below such a one, with the topmost such one.
constexpr std::string_view kUnstableHashQuery = R"(
WITH RECURSIVE unstable AS (
  SELECT p.partrelid FROM pg_catalog.pg_partitioned_table AS p
  WHERE p.partstrat = 'h'
    AND (EXISTS (SELECT 1 FROM pg_catalog.pg_opclass AS o
                 WHERE o.oid = ANY (p.partclass::pg_catalog.oid[])
                   AND o.opcname IN ('enum_ops', 'array_ops', 'record_ops', 'range_ops', 'multirange_ops'))
         OR EXISTS (SELECT 1 FROM pg_catalog.pg_collation AS l
                    WHERE l.oid = ANY (p.partcollation::pg_catalog.oid[]) AND NOT l.collisdeterministic))),
below(root, oid) AS (
  SELECT partrelid, partrelid FROM unstable
  UNION
  SELECT b.root, i.inhrelid FROM below AS b JOIN pg_catalog.pg_inherits AS i ON i.inhparent = b.oid)
SELECT root, oid FROM below
WHERE root NOT IN (SELECT inner_.oid FROM below AS inner_ WHERE inner_.root <> inner_.oid)
ORDER BY 1, 2)";

// Generated columns are computed again on the target. A standby cannot read an unlogged table.
constexpr std::string_view kTableDataQuery = R"(
SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.relkind = 'p', m.amname, c.reltuples::pg_catalog.int8,
  COALESCE(pg_catalog.pg_relation_size(c.oid), 0),
  COALESCE(pg_catalog.pg_relation_size(c.oid), 0) + COALESCE(pg_catalog.pg_relation_size(NULLIF(c.reltoastrelid, 0)), 0),
  pg_catalog.current_setting('block_size'), a.names, a.types, x.oid,
  (x.extcondition)[pg_catalog.array_position(x.extconfig, c.oid)], c.relkind = 'p'
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_catalog.pg_extension AS x ON c.oid = ANY (x.extconfig)
LEFT JOIN (SELECT attrelid, pg_catalog.array_agg(attname ORDER BY attnum) AS names, pg_catalog.array_agg(atttypid ORDER BY attnum) AS types
           FROM pg_catalog.pg_attribute
           WHERE attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attrelid >= {0}
           GROUP BY attrelid) AS a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.oid >= {0}
  AND NOT (c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery())
ORDER BY c.oid)";

// Foreign keys between configuration tables: their rows are there before the other constraints are.
constexpr std::string_view kExtensionKeysQuery = R"(
SELECT DISTINCT k.conrelid, k.confrelid
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_extension AS a ON k.conrelid = ANY (a.extconfig)
JOIN pg_catalog.pg_extension AS b ON k.confrelid = ANY (b.extconfig)
WHERE k.contype = 'f' AND k.conrelid <> k.confrelid)";

// The hash of an enum value is that of its OID, so on another cluster rows belong to other partitions. The same goes for what
// may contain an enum (arrays, rows, ranges).
constexpr std::string_view kUnsteadyHashQuery = R"(
SELECT p.partrelid
FROM pg_catalog.pg_partitioned_table AS p
WHERE p.partstrat = 'h' AND EXISTS (
  SELECT FROM pg_catalog.unnest(p.partclass::pg_catalog.oid[]) AS k (opclass)
  JOIN pg_catalog.pg_opclass AS o ON o.oid = k.opclass
  JOIN pg_catalog.pg_type AS t ON t.oid = o.opcintype
  WHERE t.typname IN ('anyenum', 'anyarray', 'anyrange', 'anymultirange', 'record')))";

// Partitioned tables whose rows are read and written through them, and what is below each.
class UnsteadyHashes {
 public:
  explicit UnsteadyHashes(const Session& session) {
    std::vector<Oid> tops;
    session.connection.stream(std::string(kUnsteadyHashQuery), [&](const pg::Row& row) { tops.push_back(row.oid(0)); });
    if (tops.empty()) return;
    Descendants descendants(session, "'r', 'p', 'f'");
    for (Oid top : tops) below_[top] = descendants.below(top);
    for (const auto& [top, below] : below_) covered_.insert(below.begin(), below.end());
  }
  // Not one that stands below another one.
  bool is_top(Oid table) const { return below_.contains(table) && !covered_.contains(table); }
  bool covers(Oid table) const { return covered_.contains(table); }
  const std::vector<Oid>& below(Oid top) const { return below_.at(top); }

 private:
  std::unordered_map<Oid, std::vector<Oid>> below_;
  std::set<Oid> covered_;
};

TableData read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  TableData data;
  data.oid = fields.oid();
  data.schema = session.schema(fields.oid());
  data.name = fields.str();
  data.qualified = model::qualified(data.schema, data.name);
  data.owner = session.role(fields.oid());
  data.partitioned = fields.boolean();
  data.access_method = fields.str();
  data.rows = std::max<std::int64_t>(fields.integer(), 0);  // -1: never analyzed
  data.heap_bytes = fields.integer();
  data.bytes = fields.integer();
  data.block_size = fields.integer();
  data.columns = fields.array();
  data.types = fields.oids();
  data.extension = fields.oid();
  data.condition = fields.str();
  data.through_root = fields.boolean();
  return data;
}

model::DataSpec specify(const Session& session, const PortableTypes& portable, const TableData& data) {
  std::vector<std::string> columns;
  for (const std::string& column : data.columns) columns.push_back(model::quote_ident(column));
  model::DataSpec spec;
  spec.relation = data.qualified;
  spec.column_list = joined(columns);
  spec.target = data.qualified + (columns.empty() ? "" : " (" + spec.column_list + ")");
  spec.source = spec.target;
  if (data.through_root) spec.source = "(SELECT " + spec.column_list + " FROM " + data.qualified + ")";
  else if (!data.condition.empty()) spec.source = fmt::format("(SELECT {} FROM {}{}{}{})", spec.column_list, only, data.qualified,
                                                          data.condition.empty() ? "" : " ", data.condition);
  spec.binary_allowed = std::all_of(data.types.begin(), data.types.end(), [&](Oid type) { return portable.contains(type); });
  spec.bytes = static_cast<std::uint64_t>(data.bytes);
  spec.rows = static_cast<std::uint64_t>(data.rows);
  spec.pages = static_cast<std::uint64_t>(data.heap_bytes / data.block_size);
  spec.can_split = data.access_method == "heap" && session.at_least(14) && whole;
  return spec;
}

Draft emit(const TableData& data, model::DataSpec spec) {
  Draft draft;
  draft.address = rows_of(data.oid);
  draft.parent = relation_at(data.oid);
  draft.needs = {relation_at(data.oid)};
  for (Oid part : data.parts) {
    draft.also.push_back(rows_of(part));
    draft.needs.push_back(relation_at(part));
    draft.needs.push_back(attachment_of(part));
  }
  if (data.extension) draft.needs.push_back({catalog_oid::extension, data.extension, 0});
  draft.locks = {{relation_at(data.oid), model::LockMode::row_exclusive}};
  draft.entry.kind = model::Kind::table_data;
  draft.entry.section = model::Section::data;
  draft.entry.schema = data.schema;
  draft.entry.name = data.name;
  draft.entry.owner = data.owner;
  draft.entry.size = spec.bytes;
  draft.entry.data = std::move(spec);
  return draft;
}

// Two configuration tables that refer to each other stay as they are: no order would do.
void order_configuration(const Session& session, Drafts& drafts) {
  std::set<std::pair<Oid, Oid>> keys;
  session.connection.stream(std::string(kExtensionKeysQuery), [&](const pg::Row& row) { keys.emplace(row.oid(0), row.oid(1)); });
  for (auto [from, to] : keys) {
    if (keys.contains({to, from})) continue;
    DraftId later = drafts.id_of(rows_of(from)), earlier = drafts.id_of(rows_of(to));
    if (later != Drafts::npos && earlier != Drafts::npos) drafts.all[later].after.push_back(earlier);
  }
}

// The rows of all partitions come through the table above them: what waits for those of one waits for all.
void gather(const std::vector<Oid>& below, const std::unordered_map<Oid, std::int64_t>& bytes, Draft& draft) {
  model::DataSpec& spec = *draft.entry.data;
  for (Oid oid : below) {
    draft.also.push_back(rows_of(oid));
    draft.needs.push_back(attachment_of(oid));
    draft.locks.emplace_back(relation_at(oid), model::LockMode::row_exclusive);
    if (auto size = bytes.find(oid); size != bytes.end()) spec.bytes += static_cast<std::uint64_t>(size->second);
  }
  draft.entry.size = spec.bytes;
}

void read_rows(const Session& session, Drafts& drafts) {
  PortableTypes portable(session);
  UnsteadyHashes unsteady(session);
  std::vector<TableData> tops;
  std::unordered_map<Oid, std::int64_t> bytes;  // of what is below them
  session.connection.stream(fmt::format(kTableDataQuery, kFirstUserOid), [&](const pg::Row& row) {
    TableData data = read(session, row);
    if (session.is_users(catalog_oid::relation, row.oid(0), row.oid(1))) {
      data.extension = 0;
      data.condition.clear();
    } else if (!data.extension) {
      return;
    }
    if (unsteady.covers(data.oid)) bytes.emplace(data.oid, data.bytes);
    else if (unsteady.is_top(data.oid)) tops.push_back(std::move(data));
    else if (!data.partitioned) drafts.add(emit(data, specify(session, portable, data)));
  });
  for (const TableData& top : tops) {
    Draft draft = emit(top, specify(session, portable, top));
    gather(unsteady.below(top.oid), bytes, draft);
    drafts.add(std::move(draft));
  }
  order_configuration(session, drafts);
}

}  // namespace

void read_table_data(const Session& session, Drafts& drafts) {
  read_rows(session, drafts);
  add_refreshes(session, drafts);
}

}  // namespace pghaul::catalog::kind
