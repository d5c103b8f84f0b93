// RULE, except the _RETURN rules, which are the bodies of views.
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct Rule {
  Oid oid = 0, table = 0;
  std::string name, schema, table_name, table_qualified, owner;
  char enabled = 'O';
  std::string definition;
};

constexpr std::string_view kRulesQuery = R"(
SELECT r.oid, r.ev_class, r.rulename, t.relnamespace, t.relname, t.relowner, r.ev_enabled, pg_catalog.pg_get_ruledef(r.oid)
FROM pg_catalog.pg_rewrite AS r
JOIN pg_catalog.pg_class AS t ON t.oid = r.ev_class
WHERE NOT (r.ev_type = '1' AND r.rulename = '_RETURN') AND t.relpersistence <> 't' AND r.oid >= {}
ORDER BY r.oid)";

Rule read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Rule rule;
  rule.oid = fields.oid();
  rule.table = fields.oid();
  rule.name = fields.str();
  rule.schema = session.schema(fields.oid());
  rule.table_name = fields.str();
  rule.table_qualified = model::qualified(rule.schema, rule.table_name);
  rule.owner = session.role(fields.oid());
  rule.enabled = fields.letter();
  rule.definition = without_semicolon(fields.str());
  return rule;
}

Draft emit(const Rule& rule) {
  std::string name = model::quote_ident(rule.name);
  Draft draft = start_draft(model::Kind::rule, {catalog_oid::rewrite, rule.oid, 0}, rule.schema, rule.table_name + " " + rule.name,
                            "RULE " + name + " ON " + rule.table_qualified);
  draft.parent = relation_at(rule.table);
  draft.needs = {rows_of(rule.table)};  // COPY into a table would follow a rule on INSERT
  draft.locks = {{relation_at(rule.table), model::LockMode::access_exclusive}};
  draft.entry->section = model::Section::post_data;
  draft.entry->owner = rule.owner;
  std::string text = rule.definition;
  if (rule.enabled != 'O')
    text += fmt::format(";\nALTER TABLE {} {} RULE {}", rule.table_qualified,
                        rule.enabled == 'D' ? "DISABLE" : rule.enabled == 'R' ? "ENABLE REPLICA" : "ENABLE ALWAYS", name);
  draft.text = {std::move(text)};
  return draft;
}

}  // namespace

void read_rules(const Session& session, Drafts& drafts) {
  session.connection.stream(fmt::format(kRulesQuery, kFirstUserOid), [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::relation, row.oid(1), row.oid(3))) drafts.add(emit(read(session, row)));
  });
}

}  // namespace pghaul::catalog::kind
