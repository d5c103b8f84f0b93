// POLICY, and ROW LEVEL SECURITY of a table, enabled and forced.
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct Policy {
  Oid oid = 0, table = 0;
  std::string name, schema, table_name, table_qualified, owner;
  char command = '*';
  bool permissive = true;
  std::vector<Oid> roles;  // 0: PUBLIC
  std::string using_text, check_text;
};

struct RowSecurity {
  Oid table = 0;
  std::string schema, name, qualified, owner;
  bool enabled = false, forced = false;
};

constexpr std::string_view kPoliciesQuery = R"(
SELECT p.oid, p.polrelid, p.polname, t.relnamespace, t.relname, t.relowner, p.polcmd, p.polpermissive, p.polroles,
  pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_catalog.pg_policy AS p
JOIN pg_catalog.pg_class AS t ON t.oid = p.polrelid
WHERE t.relpersistence <> 't' AND p.oid >= {}
ORDER BY p.oid)";

constexpr std::string_view kRowSecurityQuery = R"(
SELECT t.oid, t.relnamespace, t.relname, t.relowner, t.relrowsecurity, t.relforcerowsecurity
FROM pg_catalog.pg_class AS t
WHERE (t.relrowsecurity OR t.relforcerowsecurity) AND t.relkind IN ('r', 'p') AND t.relpersistence <> 't' AND t.oid >= {}
ORDER BY t.oid)";

Policy read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Policy policy;
  policy.oid = fields.oid();
  policy.table = fields.oid();
  policy.name = fields.str();
  policy.schema = session.schema(fields.oid());
  policy.table_name = fields.str();
  policy.table_qualified = model::qualified(policy.schema, policy.table_name);
  policy.owner = session.role(fields.oid());
  policy.command = fields.letter();
  policy.permissive = fields.boolean();
  policy.roles = fields.oids();
  policy.using_text = fields.str();
  policy.check_text = fields.str();
  return policy;
}

RowSecurity read_security(const Session& session, const pg::Row& row) {
  Fields fields(row);
  RowSecurity security;
  security.table = fields.oid();
  security.schema = session.schema(fields.oid());
  security.name = fields.str();
  security.qualified = model::qualified(security.schema, security.name);
  security.owner = session.role(fields.oid());
  security.enabled = fields.boolean();
  security.forced = fields.boolean();
  return security;
}

std::string_view command_name(char letter) {
  switch (letter) {
    case 'r': return "SELECT";
    case 'a': return "INSERT";
    case 'w': return "UPDATE";
    case 'd': return "DELETE";
    default: return "";
  }
}

// The roles in the text, each with its requirement; "" for PUBLIC, which is what a policy without TO is for.
std::string to_clause(const Session& session, const Policy& policy, model::Entry& entry) {
  std::vector<std::string> names;
  for (Oid oid : policy.roles) {
    const std::string& role = session.role(oid);
    if (oid == 0 || role.empty()) continue;
    names.push_back(model::quote_ident(role));
    model::Requirement requirement;
    requirement.what = model::Requirement::What::role;
    requirement.name = role;
    entry.requires_on_target.push_back(std::move(requirement));
  }
  return names.empty() ? "" : " TO " + joined(names);
}

Draft emit(const Session& session, const Policy& policy) {
  Draft draft = start_draft(model::Kind::policy, {catalog_oid::policy, policy.oid, 0}, policy.schema, policy.table_name + " " + policy.name,
                            "POLICY " + model::quote_ident(policy.name) + " ON " + policy.table_qualified);
  draft.parent = relation_at(policy.table);
  draft.needs = {rows_of(policy.table)};
  draft.locks = {{relation_at(policy.table), model::LockMode::access_exclusive}};
  draft.entry->section = model::Section::post_data;
  draft.entry->owner = policy.owner;
  std::string text = "CREATE " + draft.phrase;
  if (!policy.permissive) text += " AS RESTRICTIVE";
  if (std::string_view command = command_name(policy.command); !command.empty()) text += fmt::format(" FOR {}", command);
  text += to_clause(session, policy, *draft.entry);
  if (!policy.using_text.empty()) text += " USING (" + policy.using_text + ")";
  if (!policy.check_text.empty()) text += " WITH CHECK (" + policy.check_text + ")";
  draft.text = {std::move(text)};
  return draft;
}

Draft emit_security(const RowSecurity& security) {
  Draft draft;
  std::string alter = "ALTER TABLE ONLY " + security.qualified;
  draft.address = row_security_of(security.table);
  draft.parent = relation_at(security.table);
  draft.needs = {rows_of(security.table)};
  draft.locks = {{relation_at(security.table), model::LockMode::access_exclusive}};
  draft.entry->kind = model::Kind::row_security;
  draft.entry->section = model::Section::post_data;
  draft.entry->schema = security.schema;
  draft.entry->name = security.name;
  draft.entry->owner = security.owner;
  draft.entry->drop_sql = alter + " DISABLE ROW LEVEL SECURITY";
  std::string text;
  if (security.enabled) text = alter + " ENABLE ROW LEVEL SECURITY";
  if (security.forced) text += (text.empty() ? "" : ";\n") + alter + " FORCE ROW LEVEL SECURITY";
  draft.text = {std::move(text)};
  return draft;
}

}  // namespace

void read_policies(const Session& session, Drafts& drafts) {
  session.connection.stream(fmt::format(kRowSecurityQuery, kFirstUserOid), [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::relation, row.oid(0), row.oid(1))) drafts.add(emit_security(read_security(session, row)));
  });
  session.connection.stream(fmt::format(kPoliciesQuery, kFirstUserOid), [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::relation, row.oid(1), row.oid(3))) drafts.add(emit(session, read(session, row)));
  });
}

}  // namespace pghaul::catalog::kind
