// The database itself: one entry, which only a restore with --create acts on. Its text is CREATE DATABASE with the
// locale as the target's version spells it by default; settings (ALTER DATABASE, and of roles in this database) are extras.

#include <fmt/format.h>

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog {
namespace {

struct Database {
  Oid oid = 0;
  std::string name, owner, encoding, collate, ctype, locale, rules, tablespace;
  char provider = 'c';
  std::int64_t connection_limit = -1;
  bool is_template = false, allows_connections = true;
  bool acl_is_null = true;
  std::vector<std::string> acl, default_acl;
  std::optional<std::string> comment;
};

// 15: provider and ICU locale; 16: ICU rules; 17: one locale column for ICU and builtin.
std::string database_query(const Session& session) {
  std::string provider = session.at_least(15) ? "d.datlocprovider" : "'c'";
  std::string locale = session.at_least(17) ? "d.datlocale" : session.at_least(15) ? "d.daticulocale" : "NULL";
  std::string rules = session.at_least(16) ? "d.daticurules" : "NULL";
  return fmt::format(R"(
SELECT d.oid, d.datname, d.datdba, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, {}, {}, {},
       t.spcname, d.datconnlimit, d.datistemplate, d.datallowconn, d.datacl IS NULL, d.datacl::pg_catalog.text[],
       pg_catalog.acldefault('d', d.datdba)::pg_catalog.text[],
       pg_catalog.shobj_description(d.oid, 'pg_database')
  FROM pg_catalog.pg_database AS d JOIN pg_catalog.pg_tablespace AS t ON t.oid = d.dattablespace
 WHERE d.datname = pg_catalog.current_database())",
                     provider, locale, rules);
}

// setrole 0: of the database for everyone.
constexpr std::string_view setting_query = R"(
SELECT s.setrole, c.setting
  FROM pg_catalog.pg_db_role_setting AS s, pg_catalog.unnest(s.setconfig) WITH ORDINALITY AS c(setting, place)
 WHERE s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
 ORDER BY s.setrole, c.place)";

Database read(const Session& session, const pg::Row& row) {
  Database d;
  d.oid = row.oid(0), d.name = row.str(1), d.owner = session.role(row.oid(2)), d.encoding = row.str(3);
  d.collate = row.str(4), d.ctype = row.str(5), d.provider = row.letter(6), d.locale = row.str(7), d.rules = row.str(8);
  d.tablespace = row.str(9), d.connection_limit = row.integer(10), d.is_template = row.boolean(11);
  d.allows_connections = row.boolean(12), d.acl_is_null = row.boolean(13), d.acl = row.array(14), d.default_acl = row.array(15);
  d.comment = row.optional(16);
  return d;
}

std::string create_text(const Database& d) {
  std::string text = fmt::format("CREATE DATABASE {} WITH TEMPLATE = template0 ENCODING = {}", model::quote_ident(d.name),
                                 model::quote_literal(d.encoding));
  if (d.provider == 'i') text += " LOCALE_PROVIDER = icu";
  if (d.provider == 'b') text += " LOCALE_PROVIDER = builtin";
  if (d.collate == d.ctype) text += " LOCALE = " + model::quote_literal(d.collate);
  else text += fmt::format(" LC_COLLATE = {} LC_CTYPE = {}", model::quote_literal(d.collate), model::quote_literal(d.ctype));
  if (d.provider == 'i') text += " ICU_LOCALE = " + model::quote_literal(d.locale);
  if (d.provider == 'b') text += " BUILTIN_LOCALE = " + model::quote_literal(d.locale);
  if (!d.rules.empty()) text += " ICU_RULES = " + model::quote_literal(d.rules);
  return text;
}

Draft emit(const Database& d) {
  Draft draft;
  draft.address = {catalog_oid::database, d.oid, 0};
  model::Entry& entry = *draft.entry;
  entry.kind = model::Kind::database;
  entry.alone = true;
  entry.name = d.name;
  std::string quoted = model::quote_ident(d.name);
  entry.create_sql = create_text(d);
  entry.drop_sql = "DROP DATABASE " + quoted;
  entry.owner = d.owner;
  entry.owner_objects = {"DATABASE " + quoted};
  if (d.tablespace != "pg_default") entry.tablespace = d.tablespace;
  entry.acls = make_acl('d', "DATABASE " + quoted, d.owner, d.default_acl, d.acl_is_null, d.acl);
  if (d.comment) entry.comments.push_back({"DATABASE " + quoted, *d.comment});
  auto always = [&](std::string sql) { entry.extras.push_back({model::Extra::Policy::always, std::move(sql)}); };
  if (d.connection_limit >= 0) always(fmt::format("ALTER DATABASE {} CONNECTION LIMIT {}", quoted, d.connection_limit));
  if (d.is_template) always(fmt::format("ALTER DATABASE {} IS_TEMPLATE true", quoted));
  if (!d.allows_connections) always(fmt::format("ALTER DATABASE {} ALLOW_CONNECTIONS false", quoted));
  if (d.provider == 'b')
    entry.requires_on_target.push_back(
        {model::Requirement::What::server_version, "the builtin locale provider of the database", "", 17, 0});
  return draft;
}

}  // namespace

void kind::read_database(const Session& session, Drafts& drafts) {
  std::vector<Draft> made;
  session.connection.stream(database_query(session), [&](const pg::Row& row) { made.push_back(emit(read(session, row))); });
  session.connection.stream(std::string(setting_query), [&](const pg::Row& row) {
    if (made.empty()) return;
    std::string database = model::quote_ident(made.front().entry->name);
    std::string role = row.oid(0) ? model::quote_ident(session.role(row.oid(0))) : "";
    std::string subject = role.empty() ? "DATABASE " + database : fmt::format("ROLE {} IN DATABASE {}", role, database);
    made.front().entry->extras.push_back({model::Extra::Policy::setting, fmt::format("ALTER {} {}", subject, set_clause(row.text(1)))});
  });
  for (Draft& draft : made) drafts.add(std::move(draft));
}

}  // namespace pghaul::catalog
