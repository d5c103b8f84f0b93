// Partitions: created as plain tables, so that a column order of their own survives, and then attached by an entry of
// their own.
#include <fmt/format.h>

#include "catalog/kind/table/table.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

Draft attachment(const Table& partition, const Table& parent) {
  Draft draft;
  draft.address = attachment_of(partition.oid);
  draft.parent = relation_at(partition.oid);
  draft.needs = {relation_at(parent.oid), relation_at(partition.oid)};
  // The partition must have the parent's constraints by then: they may have been taken out of its text.
  for (const Check& check : partition.checks)
    if (check.valid && check.enforced) draft.needs.push_back({catalog_oid::constraint, check.oid, 0});
  draft.locks = {{relation_at(parent.oid), model::LockMode::share_update_exclusive},
                 {relation_at(partition.oid), model::LockMode::access_exclusive}};
  draft.entry->kind = model::Kind::table_attach;
  draft.entry->section = model::Section::pre_data;
  draft.entry->schema = partition.schema;
  draft.entry->name = partition.name;
  draft.entry->owner = partition.owner;
  draft.entry->drop_sql = fmt::format("ALTER TABLE {} DETACH PARTITION {}", parent.qualified, partition.qualified);
  draft.text = {fmt::format("ALTER TABLE ONLY {} ATTACH PARTITION {} {}", parent.qualified, partition.qualified, partition.partition_bound)};
  return draft;
}

}  // namespace

void add_attachments(const Tables& tables, Drafts& drafts) {
  for (const Table& partition : tables.all) {
    if (!partition.partition || partition.parents.empty()) continue;
    if (const Table* parent = tables.find(partition.parents.front())) drafts.add(attachment(partition, *parent));
  }
}

}  // namespace pghaul::catalog::kind
