// TRIGGER, with its enabled state. The copies that a server makes for partitions follow from the parent's trigger; of those,
// only a state that differs from the parent's is an entry.
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct Trigger {
  Oid oid = 0, table = 0, parent = 0, constraint = 0;
  std::string name, schema, table_name, table_qualified, owner;
  char table_kind = 'r';
  char enabled = 'O';  // 'O' origin, 'D' disabled, 'R' replica, 'A' always
  std::string definition;
};

// Triggers behind foreign keys and deferrable unique constraints are theirs.
constexpr std::string_view kTriggersQuery = R"(
SELECT g.oid, g.tgrelid, g.tgparentid, g.tgconstraint, g.tgname, t.relnamespace, t.relname, t.relowner, t.relkind, g.tgenabled,
  CASE WHEN g.tgparentid = 0 THEN pg_catalog.pg_get_triggerdef(g.oid) END
FROM pg_catalog.pg_trigger AS g
JOIN pg_catalog.pg_class AS t ON t.oid = g.tgrelid
LEFT JOIN pg_catalog.pg_trigger AS p ON p.oid = g.tgparentid
LEFT JOIN pg_catalog.pg_constraint AS k ON k.oid = g.tgconstraint
WHERE t.relpersistence <> 't' AND g.oid >= {} AND (k.oid IS NULL OR k.contype = 't')
  AND ((g.tgparentid = 0 AND NOT g.tgisinternal) OR g.tgenabled <> p.tgenabled)
ORDER BY g.oid)";

constexpr std::string_view kCopiesQuery = "SELECT oid, tgparentid FROM pg_catalog.pg_trigger WHERE tgparentid <> 0";

Trigger read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Trigger trigger;
  trigger.oid = fields.oid();
  trigger.table = fields.oid();
  trigger.parent = fields.oid();
  trigger.constraint = fields.oid();
  trigger.name = fields.str();
  trigger.schema = session.schema(fields.oid());
  trigger.table_name = fields.str();
  trigger.table_qualified = model::qualified(trigger.schema, trigger.table_name);
  trigger.owner = session.role(fields.oid());
  trigger.table_kind = fields.letter();
  trigger.enabled = fields.letter();
  trigger.definition = fields.str();
  return trigger;
}

// Without ONLY: the state goes down to the copies, and a copy is compared with the one right above it.
std::string state_text(const Trigger& trigger) {
  std::string_view state = trigger.enabled == 'D'   ? "DISABLE"
                           : trigger.enabled == 'R' ? "ENABLE REPLICA"
                           : trigger.enabled == 'A' ? "ENABLE ALWAYS"
                                                    : "ENABLE";
  return fmt::format("ALTER {}TABLE {} {} TRIGGER {}", trigger.table_kind == 'f' ? "FOREIGN " : "", trigger.table_qualified, state,
                     model::quote_ident(trigger.name));
}

Draft emit(const Trigger& trigger, const std::unordered_map<Oid, Oid>& parents, const Descendants& tables) {
  std::string name = model::quote_ident(trigger.name);
  bool copy = trigger.parent != 0;
  Draft draft;
  draft.address = {catalog_oid::trigger, trigger.oid, 0};
  if (trigger.constraint) draft.also = {{catalog_oid::constraint, trigger.constraint, 0}};
  draft.phrase = "TRIGGER " + name + " ON " + trigger.table_qualified;
  draft.parent = relation_at(trigger.table);
  draft.needs = {rows_of(trigger.table)};
  draft.locks = {{relation_at(trigger.table), model::LockMode::share_row_exclusive}};
  for (Oid below : tables.below(trigger.table)) {
    draft.needs.push_back(rows_of(below));
    draft.needs.push_back(attachment_of(below));
    draft.locks.emplace_back(relation_at(below), model::LockMode::share_row_exclusive);
  }
  for (auto above = parents.find(trigger.oid); above != parents.end(); above = parents.find(above->second))
    draft.needs.push_back({catalog_oid::trigger, above->second, 0});
  draft.entry->kind = model::Kind::trigger;
  draft.entry->section = model::Section::post_data;
  draft.entry->schema = trigger.schema;
  draft.entry->name = trigger.table_name + " " + trigger.name;
  draft.entry->owner = trigger.owner;
  if (copy) {
    draft.text = {state_text(trigger)};
  } else {
    draft.entry->drop_sql = "DROP " + draft.phrase;
    draft.text = {trigger.definition + (trigger.enabled == 'O' ? "" : ";\n" + state_text(trigger))};
  }
  return draft;
}

}  // namespace

void read_triggers(const Session& session, Drafts& drafts) {
  Descendants tables(session, "'r', 'p', 'f'");
  std::unordered_map<Oid, Oid> parents;
  session.connection.stream(std::string(kCopiesQuery), [&](const pg::Row& row) { parents.emplace(row.oid(0), row.oid(1)); });
  session.connection.stream(fmt::format(kTriggersQuery, kFirstUserOid), [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::relation, row.oid(1), row.oid(5))) drafts.add(emit(read(session, row), parents, tables));
  });
}

}  // namespace pghaul::catalog::kind
