// FOREIGN DATA WRAPPER, SERVER and USER MAPPING. Options are carried as they are, passwords among them, as far as the
// dumping role may see them.

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Wrapper {
  Oid oid;
  std::string name, owner, handler, validator;  // regproc text
  std::vector<std::string> options;             // key=value
  Privileges privileges;
};

struct Server {
  Oid oid;
  std::string name, owner, wrapper;
  std::optional<std::string> type, version;
  std::vector<std::string> options;
  Privileges privileges;
};

struct UserMapping {
  Oid oid;
  std::string server;
  Oid role_oid;  // 0: PUBLIC
  std::string role;
  std::vector<std::string> options;
};

constexpr std::string_view wrapper_query = R"(
SELECT w.oid, w.fdwname, w.fdwowner, w.fdwhandler::pg_catalog.regproc, w.fdwvalidator::pg_catalog.regproc, w.fdwoptions,
       pg_catalog.acldefault('F', w.fdwowner)::pg_catalog.text[], w.fdwacl::pg_catalog.text[]
  FROM pg_catalog.pg_foreign_data_wrapper AS w
 WHERE w.oid >= 16384
 ORDER BY w.fdwname)";

constexpr std::string_view server_query = R"(
SELECT s.oid, s.srvname, s.srvowner, w.fdwname, s.srvtype, s.srvversion, s.srvoptions,
       pg_catalog.acldefault('S', s.srvowner)::pg_catalog.text[], s.srvacl::pg_catalog.text[]
  FROM pg_catalog.pg_foreign_server AS s
       JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
 WHERE s.oid >= 16384
 ORDER BY s.srvname)";

// The view, because only superusers may read the table; it shows the options of those mappings that the role may see.
constexpr std::string_view mapping_query = R"(
SELECT m.umid, m.srvname, m.umuser, m.usename, m.umoptions
  FROM pg_catalog.pg_user_mappings AS m
 ORDER BY m.srvname, m.usename)";

Wrapper read_wrapper(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), session.role(f.oid()), f.str(), f.str(), f.array(), f.privileges()};
}

Server read_server(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), session.role(f.oid()), f.str(), f.optional(), f.optional(), f.array(), f.privileges()};
}

UserMapping read_mapping(const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), f.oid(), f.str(), f.array()};
}

Draft emit(const Wrapper& wrapper) {
  Draft draft = start_draft(model::Kind::foreign_data_wrapper, {catalog_oid::foreign_data_wrapper, wrapper.oid}, "", wrapper.name,
                            "FOREIGN DATA WRAPPER " + model::quote_ident(wrapper.name));
  std::string sql = "CREATE " + draft.phrase;
  if (names_something(wrapper.handler)) sql += " HANDLER " + wrapper.handler;
  if (names_something(wrapper.validator)) sql += " VALIDATOR " + wrapper.validator;
  draft.text.push_back(sql + options_clause(wrapper.options));
  set_owner(draft, wrapper.owner);
  set_privileges(draft, 'F', draft.phrase, wrapper.owner, wrapper.privileges);
  return draft;
}

Draft emit(const Server& server) {
  std::string name = model::quote_ident(server.name);
  Draft draft = start_draft(model::Kind::foreign_server, {catalog_oid::foreign_server, server.oid}, "", server.name, "SERVER " + name);
  std::string sql = "CREATE " + draft.phrase;
  if (server.type) sql += " TYPE " + model::quote_literal(*server.type);
  if (server.version) sql += " VERSION " + model::quote_literal(*server.version);
  draft.text.push_back(sql + "\n  FOREIGN DATA WRAPPER " + model::quote_ident(server.wrapper) + options_clause(server.options));
  set_owner(draft, server.owner);
  set_privileges(draft, 'S', "FOREIGN SERVER " + name, server.owner, server.privileges);
  return draft;
}

Draft emit(const UserMapping& mapping) {
  std::string role = mapping.role_oid ? model::quote_ident(mapping.role) : "PUBLIC";
  Draft draft = start_draft(model::Kind::user_mapping, {catalog_oid::user_mapping, mapping.oid}, "",
                            (mapping.role_oid ? mapping.role : "PUBLIC") + " SERVER " + mapping.server,
                            "USER MAPPING FOR " + role + " SERVER " + model::quote_ident(mapping.server));
  draft.text.push_back("CREATE " + draft.phrase + options_clause(mapping.options));
  draft.phrase.clear();  // takes no comment
  if (mapping.role_oid) draft.entry->requires_on_target.push_back({model::Requirement::What::role, mapping.role, ""});
  return draft;
}

}  // namespace

void read_foreign_data(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(wrapper_query), [&](const pg::Row& row) {
    Wrapper wrapper = read_wrapper(session, row);
    if (session.is_users(catalog_oid::foreign_data_wrapper, wrapper.oid, 0)) drafts.add(emit(wrapper));
  });
  session.connection.stream(std::string(server_query), [&](const pg::Row& row) {
    Server server = read_server(session, row);
    if (session.is_users(catalog_oid::foreign_server, server.oid, 0)) drafts.add(emit(server));
  });
  session.connection.stream(std::string(mapping_query), [&](const pg::Row& row) {
    UserMapping mapping = read_mapping(row);
    if (session.is_users(catalog_oid::user_mapping, mapping.oid, 0)) drafts.add(emit(mapping));
  });
}

}  // namespace pghaul::catalog::kind
