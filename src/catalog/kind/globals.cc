// What belongs to the server and not to a database: ROLE with its attributes, membership and settings, TABLESPACE. Read only when
// asked for; the roles that initdb makes (pg_...) and its superuser's attributes are every server's own.
#include <fmt/format.h>

#include <map>

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

constexpr Oid bootstrap_superuser = 10;
constexpr Oid auth_members_catalog = 1261, role_setting_catalog = 2964;

struct Role {
  Oid oid;
  std::string name;
  bool super, inherit, create_role, create_db, login, replication, bypass_rls;
  std::int64_t connection_limit;
  std::optional<std::string> valid_until, comment, password;
};

// {password}: pg_authid's, which only superusers may read.
constexpr std::string_view role_query = R"(
SELECT r.oid, r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls,
       r.rolconnlimit, r.rolvaliduntil, pg_catalog.shobj_description(r.oid, 'pg_authid'), {password}
  FROM pg_catalog.pg_roles AS r
 WHERE r.rolname !~ '^pg_'
 ORDER BY r.rolname)";
constexpr std::string_view password_column = "(SELECT a.rolpassword FROM pg_catalog.pg_authid AS a WHERE a.oid = r.oid)";

struct Membership {
  Oid role, member, grantor;
  bool admin, inherit, set;
};

// {options}: 16 and later have them, and keep the grantor; before, the member's own INHERIT decides.
constexpr std::string_view membership_query = R"(
SELECT m.roleid, m.member, m.grantor, m.admin_option, {options}
  FROM pg_catalog.pg_auth_members AS m
       JOIN pg_catalog.pg_roles AS r ON r.oid = m.roleid
       JOIN pg_catalog.pg_roles AS u ON u.oid = m.member
 WHERE u.rolname !~ '^pg_'
 ORDER BY r.rolname, u.rolname, m.grantor)";

// Of roles in all databases. Settings of a role in this database stand with the database.
constexpr std::string_view setting_query = R"(
SELECT s.setrole, pg_catalog.unnest(s.setconfig)
  FROM pg_catalog.pg_db_role_setting AS s JOIN pg_catalog.pg_roles AS r ON r.oid = s.setrole
 WHERE s.setdatabase = 0 AND r.rolname !~ '^pg_'
 ORDER BY r.rolname, 2)";

constexpr std::string_view tablespace_query = R"(
SELECT t.oid, t.spcname, t.spcowner, pg_catalog.pg_tablespace_location(t.oid), t.spcoptions,
       pg_catalog.shobj_description(t.oid, 'pg_tablespace'), pg_catalog.acldefault('t', t.spcowner)::pg_catalog.text[],
       t.spcacl::pg_catalog.text[]
  FROM pg_catalog.pg_tablespace AS t
 WHERE t.spcname !~ '^pg_'
 ORDER BY t.spcname)";

Role read_role(const pg::Row& row) {
  Fields f(row);
  return {f.oid(),     f.str(),     f.boolean(), f.boolean(), f.boolean(),  f.boolean(),  f.boolean(),
          f.boolean(), f.boolean(), f.integer(), f.optional(), f.optional(), f.optional()};
}

Draft emit(const Role& role) {
  std::string name = model::quote_ident(role.name);
  Draft draft = start_draft(model::Kind::role, {catalog_oid::authid, role.oid}, "", role.name, "ROLE " + name);
  auto word = [](bool has, std::string_view attribute) { return fmt::format(" {}{}", has ? "" : "NO", attribute); };
  std::string text = "CREATE ROLE " + name + " WITH" + word(role.super, "SUPERUSER") + word(role.inherit, "INHERIT") +
                     word(role.create_role, "CREATEROLE") + word(role.create_db, "CREATEDB") + word(role.login, "LOGIN") +
                     word(role.replication, "REPLICATION") + word(role.bypass_rls, "BYPASSRLS");
  if (role.connection_limit >= 0) text += fmt::format(" CONNECTION LIMIT {}", role.connection_limit);
  if (role.password) text += " PASSWORD " + model::quote_literal(*role.password);
  if (role.valid_until) text += " VALID UNTIL " + model::quote_literal(*role.valid_until);
  draft.text.push_back(std::move(text));
  if (role.comment) draft.entry->comments.push_back({"ROLE " + name, *role.comment});
  return draft;
}

Draft emit(const Session& session, const Membership& m) {
  Draft draft;
  std::string role = model::quote_ident(session.role(m.role)), member = model::quote_ident(session.role(m.member));
  draft.entry->kind = model::Kind::role_membership;
  draft.entry->name = session.role(m.role) + " TO " + session.role(m.member);
  draft.needs = {{catalog_oid::authid, m.role}, {catalog_oid::authid, m.member}, {catalog_oid::authid, m.grantor}};
  std::string text = "GRANT " + role + " TO " + member;
  if (session.at_least(16)) {
    text += fmt::format(" WITH ADMIN {}, INHERIT {}, SET {}", m.admin, m.inherit, m.set);
    if (m.grantor != bootstrap_superuser && !session.role(m.grantor).empty()) {
      text += " GRANTED BY " + model::quote_ident(session.role(m.grantor));
      draft.entry->name += " BY " + session.role(m.grantor);
    }
  } else if (m.admin) {
    text += " WITH ADMIN OPTION";
  }
  draft.text.push_back(std::move(text));
  return draft;
}

// A grantor must have the role with ADMIN OPTION before it can grant it on.
void read_memberships(const Session& session, Drafts& drafts) {
  std::multimap<std::pair<Oid, Oid>, DraftId> with_admin;  // (role, member)
  std::vector<std::pair<DraftId, Membership>> all;
  std::string query = fmt::format(membership_query, fmt::arg("options", session.at_least(16) ? "m.inherit_option, m.set_option" : "true, true"));
  session.connection.stream(query, [&](const pg::Row& row) {
    Membership m{row.oid(0), row.oid(1), row.oid(2), row.boolean(3), row.boolean(4), row.boolean(5)};
    DraftId id = drafts.add(emit(session, m));
    if (m.admin) with_admin.emplace(std::pair(m.role, m.member), id);
    all.emplace_back(id, m);
  });
  if (!session.at_least(16)) return;
  for (const auto& [id, m] : all) {
    auto [from, to] = with_admin.equal_range({m.role, m.grantor});
    for (auto earlier = from; earlier != to; ++earlier) drafts[id].after.push_back(earlier->second);
  }
}

Draft emit_setting(const Session& session, Oid role, std::string_view setting) {
  Draft draft;
  draft.entry->kind = model::Kind::role_setting;
  draft.entry->name = session.role(role) + " " + std::string(setting.substr(0, setting.find('=')));
  draft.needs = {{catalog_oid::authid, role}};
  draft.text.push_back("ALTER ROLE " + model::quote_ident(session.role(role)) + " " + set_clause(setting));
  return draft;
}

Draft emit_tablespace(const Session& session, const pg::Row& row) {
  Fields f(row);
  Oid oid = f.oid();
  std::string name = f.str(), quoted = model::quote_ident(name), owner = session.role(f.oid()), location = f.str();
  std::vector<std::string> options = f.array();
  std::optional<std::string> comment = f.optional();
  Draft draft = start_draft(model::Kind::tablespace, {catalog_oid::tablespace, oid}, "", name, "TABLESPACE " + quoted);
  draft.needs = {{catalog_oid::authid, row.oid(2)}};
  draft.entry->alone = true;
  std::string text = "CREATE TABLESPACE " + quoted;
  if (!owner.empty()) text += " OWNER " + model::quote_ident(owner);
  text += " LOCATION " + model::quote_literal(location);
  if (!options.empty()) text += " WITH (" + joined(options) + ")";
  draft.text.push_back(std::move(text));
  set_privileges(draft, 't', "TABLESPACE " + quoted, owner, f.privileges());
  if (comment) draft.entry->comments.push_back({"TABLESPACE " + quoted, *comment});
  return draft;
}

}  // namespace

void read_globals(const Session& session, Drafts& drafts) {
  if (!session.globals) return;
  session.connection.stream(fmt::format(role_query, fmt::arg("password", session.role_passwords ? password_column : "NULL")), [&](const pg::Row& row) {
    if (row.oid(0) != bootstrap_superuser) drafts.add(emit(read_role(row)));
  });
  read_memberships(session, drafts);
  session.connection.stream(std::string(setting_query), [&](const pg::Row& row) { drafts.add(emit_setting(session, row.oid(0), row.text(1))); });
  session.connection.stream(std::string(tablespace_query), [&](const pg::Row& row) { drafts.add(emit_tablespace(session, row)); });
}

}  // namespace pghaul::catalog::kind
