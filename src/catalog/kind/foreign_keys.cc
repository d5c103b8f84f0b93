// FOREIGN KEY constraints as they were declared: the copies that a server keeps for partitions follow from those.
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct ForeignKey {
  Oid oid = 0, table = 0, referenced = 0, index = 0;
  std::string name, schema, table_name, table_qualified, owner;
  bool partitioned = false, set_columns = false, period = false, enforced = true;
  std::string definition;
  std::int64_t work = 0;  // a scan of the table, in bytes of rows loaded meanwhile
};

// {set_columns}: ON DELETE SET NULL (columns), server 15; {period}, {enforced}: server 18.
constexpr std::string_view kForeignKeysQuery = R"(
SELECT k.oid, k.conrelid, k.confrelid, k.conindid, k.conname, t.relnamespace, t.relname, t.relowner, t.relkind = 'p',
  {set_columns}, {period}, {enforced}, pg_catalog.pg_get_constraintdef(k.oid), {work}
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS t ON t.oid = k.conrelid
WHERE k.contype = 'f' AND k.conparentid = 0 AND t.relpersistence <> 't' AND k.oid >= {first}
ORDER BY k.oid)";

std::string query(const Session& session) {
  return fmt::format(kForeignKeysQuery, fmt::arg("set_columns", session.at_least(15) ? "k.confdelsetcols IS NOT NULL" : "false"),
                     fmt::arg("period", session.at_least(18) ? "k.conperiod" : "false"),
                     fmt::arg("enforced", session.at_least(18) ? "k.conenforced" : "true"), fmt::arg("work", scan_work("t")), fmt::arg("first", kFirstUserOid));
}

ForeignKey read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  ForeignKey key;
  key.oid = fields.oid();
  key.table = fields.oid();
  key.referenced = fields.oid();
  key.index = fields.oid();
  key.name = fields.str();
  key.schema = session.schema(fields.oid());
  key.table_name = fields.str();
  key.table_qualified = model::qualified(key.schema, key.table_name);
  key.owner = session.role(fields.oid());
  key.partitioned = fields.boolean();
  key.set_columns = fields.boolean();
  key.period = fields.boolean();
  key.enforced = fields.boolean();
  key.definition = fields.str();
  key.work = fields.integer();
  return key;
}

// The rows of both sides must be there, and of all their partitions, and the statement locks them all.
void wait_for_tables(const ForeignKey& key, const Descendants& tables, Draft& draft) {
  for (Oid side : {key.table, key.referenced}) {
    std::vector<Oid> all = tables.below(side);
    all.push_back(side);
    for (Oid table : all) {
      draft.needs.push_back(rows_of(table));
      draft.needs.push_back(attachment_of(table));
      draft.locks.emplace_back(relation_at(table), model::LockMode::share_row_exclusive);
    }
    if (key.table == key.referenced) break;
  }
}

Draft emit(const ForeignKey& key, const Descendants& tables, const Descendants& indexes) {
  std::string name = model::quote_ident(key.name);
  // A foreign key of a partitioned table is always its partitions' too, and the server wants it said so.
  std::string alter = (key.partitioned ? "ALTER TABLE " : "ALTER TABLE ONLY ") + key.table_qualified;
  Draft draft;
  draft.address = {catalog_oid::constraint, key.oid, 0};
  draft.phrase = "CONSTRAINT " + name + " ON " + key.table_qualified;
  draft.parent = relation_at(key.table);
  draft.needs = {relation_at(key.index)};
  for (Oid below : indexes.below(key.index)) draft.needs.push_back(attachment_of(below));  // only then is it valid
  wait_for_tables(key, tables, draft);
  draft.entry->kind = model::Kind::foreign_key;
  draft.entry->section = model::Section::post_data;
  draft.entry->schema = key.schema;
  draft.entry->name = key.table_name + " " + key.name;
  draft.entry->owner = key.owner;
  draft.entry->size = static_cast<std::uint64_t>(key.work);
  draft.entry->drop_sql = alter + " DROP CONSTRAINT " + name;
  draft.text = {alter + " ADD CONSTRAINT " + name + " " + key.definition};
  if (key.set_columns) require_version(*draft.entry, 15, "ON DELETE SET (columns) of " + draft.phrase);
  if (key.period) require_version(*draft.entry, 18, "PERIOD of " + draft.phrase);
  if (!key.enforced) require_version(*draft.entry, 18, "NOT ENFORCED of " + draft.phrase);
  return draft;
}

}  // namespace

void read_foreign_keys(const Session& session, Drafts& drafts) {
  Descendants tables(session, "'r', 'p', 'f'"), indexes(session, "'i', 'I'");
  session.connection.stream(query(session), [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::relation, row.oid(1), row.oid(5))) drafts.add(emit(read(session, row), tables, indexes));
  });
}

}  // namespace pghaul::catalog::kind
