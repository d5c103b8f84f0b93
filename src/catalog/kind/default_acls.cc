// ALTER DEFAULT PRIVILEGES: what objects get that are made later. Restored late, so that it does not touch what is restored.

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/error.h"
#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct DefaultAcl {
  Oid oid;
  std::string role;
  Oid schema;  // 0: all schemas
  char type;   // 'r', 'S', 'f', 'T', 'n', 'L'
  std::vector<std::string> initial, wanted;
};

// For all schemas an entry replaces the built-in privileges; for one schema it adds to them, so it begins with none.
// Sequences are 'S' here and 's' for acldefault().
constexpr std::string_view default_acl_query = R"(
SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype,
       CASE WHEN d.defaclnamespace = 0
            THEN pg_catalog.acldefault(CASE WHEN d.defaclobjtype = 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)::pg_catalog.text[]
            ELSE '{}'::pg_catalog.text[] END,
       d.defaclacl::pg_catalog.text[]
  FROM pg_catalog.pg_default_acl AS d
       LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = d.defaclnamespace
 ORDER BY d.defaclrole::pg_catalog.regrole::pg_catalog.text, n.nspname NULLS FIRST, d.defaclobjtype)";

DefaultAcl read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), session.role(f.oid()), f.oid(), f.letter(), f.array(), f.array()};
}

std::string_view objects_of(char type) {
  switch (type) {
    case 'r': return "TABLES";
    case 'S': return "SEQUENCES";
    case 'f': return "FUNCTIONS";
    case 'T': return "TYPES";
    case 'n': return "SCHEMAS";
    case 'L': return "LARGE OBJECTS";
    default: throw Error(Fault::unsupported, fmt::format("default privileges are for the unknown object type '{}'", type));
  }
}

model::Acl acl_of(const DefaultAcl& acl) {
  char type = acl.type == 'S' ? 's' : acl.type;
  model::Acl result;
  result.object = objects_of(acl.type);
  result.all = all_privileges(type);
  result.owner = acl.role;
  // What is granted by name stays so: pg_dump does not extend default privileges by MAINTAIN either.
  result.initial = acl_items(type, "", acl.initial, false);
  result.wanted = acl_items(type, "", acl.wanted, false);
  // The server keeps these in the order of role OIDs, which says nothing: first what is there already, then by name.
  auto is_new = [&](const model::AclItem& item) {
    return std::find(result.initial.begin(), result.initial.end(), item) == result.initial.end();
  };
  std::sort(result.wanted.begin(), result.wanted.end(), [&](const model::AclItem& a, const model::AclItem& b) {
    return std::tuple(is_new(a), !a.grantee.empty(), a.grantee) < std::tuple(is_new(b), !b.grantee.empty(), b.grantee);
  });
  return result;
}

Draft emit(const Session& session, const DefaultAcl& acl) {
  std::string schema = acl.schema ? session.schema(acl.schema) : "";
  std::string head = "ALTER DEFAULT PRIVILEGES FOR ROLE " + model::quote_ident(acl.role);
  if (acl.schema) head += " IN SCHEMA " + model::quote_ident(schema);

  Draft draft;
  draft.address = {catalog_oid::default_acl, acl.oid};
  draft.entry->kind = model::Kind::default_acl;
  draft.entry->section = model::Section::post_data;
  draft.entry->late = true;
  draft.entry->schema = schema;
  draft.entry->name = fmt::format("{} FOR ROLE {}", objects_of(acl.type), acl.role);
  using What = model::Requirement::What;
  draft.entry->requires_on_target.push_back({What::role, acl.role, ""});
  if (acl.type == 'L') draft.entry->requires_on_target.push_back({What::server_version, "default privileges of large objects", "", 18});
  model::Acl data = acl_of(acl);
  for (const model::AclItem& item : data.wanted)
    if (!item.grantee.empty() && item.grantee != acl.role) draft.entry->requires_on_target.push_back({What::role, item.grantee, ""});
  std::string sql;
  for (const std::string& statement : model::acl_statements(data, [](const std::string& role) { return role; }))
    sql += (sql.empty() ? "" : ";\n") + head + " " + statement;
  if (sql.find("MAINTAIN") != std::string::npos)
    draft.entry->requires_on_target.push_back({What::server_version, "default privileges with MAINTAIN", "", 17});
  draft.text.push_back(std::move(sql));
  return draft;
}

}  // namespace

void read_default_acls(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(default_acl_query), [&](const pg::Row& row) {
    DefaultAcl acl = read(session, row);
    if (session.is_users(catalog_oid::default_acl, acl.oid, acl.schema)) drafts.add(emit(session, acl));
  });
}

}  // namespace pghaul::catalog::kind
