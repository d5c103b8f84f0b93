// The rows of tables: one entry for each table that has rows of its own, for the configuration tables of extensions as far
// as their condition says, and the REFRESH of each materialized view that is populated.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "catalog/kind/table/portable_types.h"
#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct TableData {
  Oid oid = 0;
  std::string schema, name, qualified, owner;
  std::string access_method;
  std::int64_t rows = 0, heap_bytes = 0, bytes = 0, block_size = 8192;
  std::vector<std::string> columns;
  std::vector<Oid> types;
  Oid extension = 0;      // whose configuration table it is
  std::string condition;  // 'WHERE ...' or ""
  bool through_root = false;  // a partitioned table that takes the rows of all below it
  bool foreign = false;
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

// SQL for the bytes of a relation's main fork; relation is an alias of pg_class. pg_class.relpages, unless the relation was never
// counted, or has changed by a tenth since: pg_relation_size() opens the relation, which was half the time that many tables took.
// What is too small only costs speed, as when the server has lost its counts in a crash: a large table is read in one piece.
std::string current_bytes(const Session& session, std::string_view relation, std::string_view changes) {
  return fmt::format(R"(CASE WHEN {0}.relkind IN ('r', 't') AND {0}.relpages {1} 0 AND {0}.reltuples >= 0
       AND pg_catalog.{2}({0}.oid) * 10 <= {0}.reltuples
    THEN {0}.relpages * pg_catalog.current_setting('block_size')::pg_catalog.int8 ELSE COALESCE(pg_catalog.pg_relation_size({0}.oid), 0) END)",
                     relation, session.at_least(14) ? ">=" : ">", changes);  // before 14, 0 is also what a new relation has
}

// Generated columns are computed again on the target. A standby cannot read an unlogged table. {heap}, {toast}: see current_bytes().
constexpr std::string_view kTableDataQuery = R"(
SELECT c.oid, c.relnamespace, c.relname, c.relowner, m.amname, c.reltuples::pg_catalog.int8,
  size.heap, size.heap + CASE WHEN size.heap > 0 AND t.oid IS NOT NULL THEN {toast} ELSE 0 END,
  pg_catalog.current_setting('block_size'), a.names, a.types, x.oid,
  (x.extcondition)[pg_catalog.array_position(x.extconfig, c.oid)], c.relkind = 'p', c.relkind = 'f'
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_catalog.pg_extension AS x ON c.oid = ANY (x.extconfig)
LEFT JOIN pg_catalog.pg_class AS t ON t.oid = c.reltoastrelid
CROSS JOIN LATERAL (SELECT {heap} AS heap OFFSET 0) AS size
LEFT JOIN (SELECT attrelid, pg_catalog.array_agg(attname ORDER BY attnum) AS names, pg_catalog.array_agg(atttypid ORDER BY attnum) AS types
           FROM pg_catalog.pg_attribute
           WHERE attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attrelid >= {first}
           GROUP BY attrelid) AS a ON a.attrelid = c.oid
WHERE c.relkind IN ({relkinds}) AND c.relpersistence <> 't' AND c.oid >= {first}
  AND NOT (c.relpersistence = 'u' AND pg_catalog.pg_is_in_recovery())
ORDER BY c.oid)";

// Foreign keys between configuration tables: their rows are there before the other constraints are.
constexpr std::string_view kExtensionKeysQuery = R"(
SELECT DISTINCT k.conrelid, k.confrelid
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_extension AS a ON k.conrelid = ANY (a.extconfig)
JOIN pg_catalog.pg_extension AS b ON k.confrelid = ANY (b.extconfig)
WHERE k.contype = 'f' AND k.conrelid <> k.confrelid)";

TableData read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  TableData data;
  data.oid = fields.oid();
  data.schema = session.schema(fields.oid());
  data.name = fields.str();
  data.qualified = model::qualified(data.schema, data.name);
  data.owner = session.role(fields.oid());
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
  data.foreign = fields.boolean();
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
  if (data.through_root || data.foreign) spec.source = "(SELECT " + spec.column_list + " FROM " + data.qualified + ")";
  else if (!data.condition.empty()) spec.source = "(SELECT " + spec.column_list + " FROM ONLY " + data.qualified + " " + data.condition + ")";
  spec.binary_allowed = std::all_of(data.types.begin(), data.types.end(), [&](Oid type) { return portable.contains(type); });
  spec.bytes = static_cast<std::uint64_t>(data.bytes);
  spec.rows = static_cast<std::uint64_t>(data.rows);
  spec.pages = static_cast<std::uint64_t>(data.heap_bytes / data.block_size);
  spec.can_split = data.access_method == "heap" && session.at_least(14) && data.condition.empty() && !data.through_root;
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
  if (data.extension) {
    draft.parent = {catalog_oid::extension, data.extension, 0};
    draft.needs.push_back(draft.parent);
  }
  draft.locks = {{relation_at(data.oid), model::LockMode::row_exclusive}};
  draft.entry->kind = model::Kind::table_data;
  draft.entry->section = model::Section::data;
  draft.entry->schema = data.schema;
  draft.entry->name = data.name;
  draft.entry->owner = data.owner;
  draft.entry->size = spec.bytes;
  draft.entry->data = std::move(spec);
  return draft;
}

// Two configuration tables that refer to each other stay as they are: no order would do.
void order_configuration(const Session& session, Drafts& drafts) {
  std::set<std::pair<Oid, Oid>> keys;
  session.connection.stream(std::string(kExtensionKeysQuery), [&](const pg::Row& row) { keys.emplace(row.oid(0), row.oid(1)); });
  for (auto [from, to] : keys) {
    if (keys.contains({to, from})) continue;
    DraftId later = drafts.id_of(rows_of(from)), earlier = drafts.id_of(rows_of(to));
    if (later != Drafts::npos && earlier != Drafts::npos) drafts[later].after.push_back(earlier);
  }
}

void read_rows(const Session& session, Drafts& drafts) {
  PortableTypes portable(session);
  std::unordered_map<Oid, Oid> root_of;
  session.connection.stream(std::string(kUnstableHashQuery), [&](const pg::Row& row) { root_of.emplace(row.oid(1), row.oid(0)); });
  std::vector<TableData> parts;
  std::unordered_map<Oid, TableData> roots;
  std::string query = fmt::format(kTableDataQuery, fmt::arg("first", kFirstUserOid),
                                  fmt::arg("relkinds", session.foreign_data ? "'r', 'p', 'f'" : "'r', 'p'"),
                                  fmt::arg("heap", current_bytes(session, "c", "pg_stat_get_mod_since_analyze")),
                                  fmt::arg("toast", current_bytes(session, "t", "pg_stat_get_ins_since_vacuum")));
  session.connection.stream(query, [&](const pg::Row& row) {
    TableData data = read(session, row);
    if (session.is_users(catalog_oid::relation, row.oid(0), row.oid(1))) {
      data.extension = 0;
      data.condition.clear();
    } else if (!data.extension) {
      return;
    }
    auto root = root_of.find(data.oid);
    if (root == root_of.end() && !data.through_root) drafts.add(emit(data, specify(session, portable, data)));
    if (root == root_of.end()) return;
    if (root->second == data.oid) roots.emplace(data.oid, std::move(data));
    else parts.push_back(std::move(data));
  });
  for (const TableData& data : parts) {
    TableData& whole = roots.at(root_of.at(data.oid));
    whole.rows += data.rows, whole.bytes += data.bytes;
    whole.parts.push_back(data.oid);
  }
  for (auto& [oid, data] : roots) drafts.add(emit(data, specify(session, portable, data)));
  order_configuration(session, drafts);
}

// ---- REFRESH ----------------------------------------------------------------------------------------------------------

struct Refresh {
  Oid oid = 0;
  std::string schema, name, owner;
  bool populated = false;
  std::int64_t bytes = 0;
};

constexpr std::string_view kRefreshQuery = R"(
SELECT c.oid, c.relnamespace, c.relname, c.relowner, c.relispopulated, COALESCE(pg_catalog.pg_relation_size(c.oid), 0)
FROM pg_catalog.pg_class AS c
WHERE c.relkind = 'm' AND c.oid >= {}
ORDER BY c.oid)";

// What views and materialized views read, one step each.
constexpr std::string_view kReadsQuery = R"(
SELECT DISTINCT r.ev_class, d.refobjid
FROM pg_catalog.pg_rewrite AS r
JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'n' AND d.refobjid <> r.ev_class
JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class AND c.relkind IN ('v', 'm')
JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid AND t.relkind IN ('v', 'm')
WHERE r.ev_class >= {})";

using Reads = std::unordered_map<Oid, std::vector<Oid>>;

// The materialized views that one reads, directly or through views.
std::vector<Oid> sources_of(Oid view, const Reads& reads, const std::unordered_map<Oid, Refresh>& materialized) {
  std::vector<Oid> sources, open{view};
  std::unordered_set<Oid> seen{view};
  while (!open.empty()) {
    auto next = reads.find(open.back());
    open.pop_back();
    if (next == reads.end()) continue;
    for (Oid oid : next->second) {
      if (!seen.insert(oid).second) continue;
      if (materialized.contains(oid)) sources.push_back(oid);
      else open.push_back(oid);
    }
  }
  return sources;
}

Draft emit_refresh(const Refresh& refresh, const std::vector<Oid>& sources) {
  Draft draft;
  draft.address = rows_of(refresh.oid);
  draft.parent = relation_at(refresh.oid);
  draft.needs = {relation_at(refresh.oid)};
  for (Oid source : sources) draft.needs.push_back(rows_of(source));
  draft.locks = {{relation_at(refresh.oid), model::LockMode::access_exclusive}};
  draft.entry->kind = model::Kind::materialized_view_data;
  draft.entry->section = model::Section::post_data;
  draft.entry->late = true;
  draft.entry->schema = refresh.schema;
  draft.entry->name = refresh.name;
  draft.entry->owner = refresh.owner;
  draft.entry->size = static_cast<std::uint64_t>(refresh.bytes);
  draft.text = {"REFRESH MATERIALIZED VIEW " + model::qualified(refresh.schema, refresh.name)};
  return draft;
}

// What reads an unpopulated materialized view cannot be refreshed, though it was populated once; nor can its readers.
void leave_out_unreadable(const Session& session, const Reads& reads, std::unordered_map<Oid, Refresh>& all) {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto& [oid, refresh] : all) {
      if (!refresh.populated) continue;
      for (Oid source : sources_of(oid, reads, all))
        if (refresh.populated && !all.at(source).populated) {
          refresh.populated = false;
          changed = true;
          session.warnings->push_back(fmt::format("materialized view {} is not refreshed: it reads {}, which is not populated",
                                                  model::qualified(refresh.schema, refresh.name),
                                                  model::qualified(all.at(source).schema, all.at(source).name)));
        }
    }
  }
}

void read_refreshes(const Session& session, Drafts& drafts) {
  std::unordered_map<Oid, Refresh> all;
  std::vector<Oid> order;
  session.connection.stream(fmt::format(kRefreshQuery, kFirstUserOid), [&](const pg::Row& row) {
    if (!session.is_users(catalog_oid::relation, row.oid(0), row.oid(1))) return;
    order.push_back(row.oid(0));
    all.emplace(row.oid(0), Refresh{row.oid(0), session.schema(row.oid(1)), row.str(2), session.role(row.oid(3)), row.boolean(4), row.integer(5)});
  });
  if (order.empty()) return;
  Reads reads;
  session.connection.stream(fmt::format(kReadsQuery, kFirstUserOid), [&](const pg::Row& row) { reads[row.oid(0)].push_back(row.oid(1)); });
  leave_out_unreadable(session, reads, all);
  for (Oid oid : order)
    if (all.at(oid).populated) drafts.add(emit_refresh(all.at(oid), sources_of(oid, reads, all)));
}

}  // namespace

void read_table_data(const Session& session, Drafts& drafts) {
  read_rows(session, drafts);
  read_refreshes(session, drafts);
}

}  // namespace pghaul::catalog::kind
