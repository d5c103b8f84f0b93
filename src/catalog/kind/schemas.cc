// SCHEMA. The schema public is always there on a target, so it is never created: only its owner, comment and privileges are
// brought over, measured against what a new database of 15 or later gives it.

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Schema {
  Oid oid;
  std::string name, owner;
  bool has_comment;
  Privileges privileges;
};

constexpr std::string_view schema_query = R"(
SELECT n.oid, n.nspname, n.nspowner,
       EXISTS (SELECT FROM pg_catalog.pg_description AS d
                WHERE d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objoid = n.oid AND d.objsubid = 0),
       pg_catalog.acldefault('n', n.nspowner)::pg_catalog.text[], n.nspacl::pg_catalog.text[]
  FROM pg_catalog.pg_namespace AS n
 ORDER BY n.nspname)";

constexpr std::string_view usual_owner_of_public = "pg_database_owner";  // since 15

Schema read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), session.role(f.oid()), f.boolean(), f.privileges()};
}

// An aclitem's text form for a role, quoted as the server would.
std::string item(const std::string& role, std::string_view privileges, const std::string& grantor) {
  auto quoted = [](const std::string& name) {
    std::string text;
    for (char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
    return name.empty() ? "" : "\"" + text + "\"";
  };
  return quoted(role) + "=" + std::string(privileges) + "/" + quoted(grantor);
}

Draft emit(const Schema& schema) {
  bool is_public = schema.name == "public";
  Draft draft = start_draft(model::Kind::schema, {catalog_oid::namespace_, schema.oid}, "", schema.name,
                            "SCHEMA " + model::quote_ident(schema.name));
  Privileges privileges = schema.privileges;
  if (!is_public) {
    draft.text.push_back("CREATE " + draft.phrase);
  } else {
    if (!schema.has_comment) draft.text.push_back("COMMENT ON SCHEMA public IS NULL");
    draft.entry->drop_sql.clear();
    // As if the owner had been changed with ALTER SCHEMA, which renames him in the privileges too.
    privileges.initial = {item(schema.owner, "UC", schema.owner), item("", "U", schema.owner)};
    if (privileges.is_default) privileges.wanted = schema.privileges.initial;
    privileges.is_default = false;
  }
  if (!is_public || schema.owner != usual_owner_of_public) set_owner(draft, schema.owner);
  set_privileges(draft, 'n', draft.phrase, schema.owner, privileges);
  return draft;
}

}  // namespace

void read_schemas(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(schema_query), [&](const pg::Row& row) {
    Schema schema = read(session, row);
    if (session.is_users(catalog_oid::namespace_, schema.oid, schema.oid)) drafts.add(emit(schema));
  });
}

}  // namespace pghaul::catalog::kind
