// STATISTICS: extended statistics objects of every kind, with their target.
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct Statistics {
  Oid oid = 0, table = 0;
  std::string schema, name, qualified, owner, definition;
  std::int64_t target = -1;
};

constexpr std::string_view kStatisticsQuery = R"(
SELECT s.oid, s.stxrelid, s.stxnamespace, s.stxname, s.stxowner, t.relnamespace, pg_catalog.pg_get_statisticsobjdef(s.oid),
  COALESCE(s.stxstattarget, -1)
FROM pg_catalog.pg_statistic_ext AS s
JOIN pg_catalog.pg_class AS t ON t.oid = s.stxrelid
WHERE t.relpersistence <> 't' AND s.oid >= {}
ORDER BY s.oid)";

Statistics read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Statistics statistics;
  statistics.oid = fields.oid();
  statistics.table = fields.oid();
  statistics.schema = session.schema(fields.oid());
  statistics.name = fields.str();
  statistics.qualified = model::qualified(statistics.schema, statistics.name);
  statistics.owner = session.role(fields.oid());
  fields.oid();  // the table's schema: only for the filter
  statistics.definition = fields.str();
  statistics.target = fields.integer();
  return statistics;
}

Draft emit(const Statistics& statistics) {
  Draft draft = start_draft(model::Kind::extended_statistics, {catalog_oid::statistic_ext, statistics.oid, 0}, statistics.schema,
                            statistics.name, "STATISTICS " + statistics.qualified);
  draft.parent = relation_at(statistics.table);
  draft.needs = {relation_at(statistics.table)};
  draft.locks = {{relation_at(statistics.table), model::LockMode::share_update_exclusive}};
  draft.entry->section = model::Section::post_data;
  set_owner(draft, statistics.owner);
  std::string text = statistics.definition;
  if (statistics.target >= 0) text += fmt::format(";\nALTER STATISTICS {} SET STATISTICS {}", statistics.qualified, statistics.target);
  draft.text = {std::move(text)};
  return draft;
}

}  // namespace

void read_extended_statistics(const Session& session, Drafts& drafts) {
  session.connection.stream(fmt::format(kStatisticsQuery, kFirstUserOid), [&](const pg::Row& row) {
    bool users = session.is_users(catalog_oid::statistic_ext, row.oid(0), row.oid(2)) &&
                 session.is_users(catalog_oid::relation, row.oid(1), row.oid(5));
    if (users) drafts.add(emit(read(session, row)));
  });
}

}  // namespace pghaul::catalog::kind
