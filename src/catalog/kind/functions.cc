// FUNCTION and PROCEDURE, in every language. The server prints the definition itself (pg_get_functiondef), with all options.
// An SQL-standard body can be taken out: such a function then begins as a dummy with the same signature.

#include <fmt/format.h>

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Function {
  Oid oid, schema;
  std::string name, owner;
  bool procedure;
  std::string types;     // of the input arguments: "integer, text"
  std::string identity;  // arguments as ALTER, DROP and COMMENT take them
  std::string definition;  // CREATE OR REPLACE ...
  std::string body;        // SQL-standard body; empty: the body is a string
  std::vector<Oid> signature;  // types that the signature names
  Oid language;
  std::string given_language;  // one that every new database has (plpgsql) and that no entry creates; else empty
  Oid support;
  Privileges privileges;
};

// Constructors of range types and the like are part of what they construct (deptype 'i').
constexpr std::string_view function_query_14 = R"(
SELECT p.oid, p.pronamespace, p.proname, p.proowner, p.prokind = 'p',
       pg_catalog.oidvectortypes(p.proargtypes), pg_catalog.pg_get_function_identity_arguments(p.oid),
       pg_catalog.rtrim(pg_catalog.pg_get_functiondef(p.oid), E'\n'),
       CASE WHEN p.prosqlbody IS NOT NULL THEN pg_catalog.pg_get_function_sqlbody(p.oid) END,
       ARRAY(SELECT p.prorettype UNION SELECT pg_catalog.unnest(COALESCE(p.proallargtypes, p.proargtypes))), p.prolang,
       (SELECT l.lanname FROM pg_catalog.pg_language AS l WHERE l.oid = p.prolang AND l.lanispl AND l.oid < 16384), p.prosupport::pg_catalog.oid,
       pg_catalog.acldefault('f', p.proowner)::pg_catalog.text[], p.proacl::pg_catalog.text[]
  FROM pg_catalog.pg_proc AS p
 WHERE p.oid >= 16384 AND p.prokind IN ('f', 'p', 'w')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
 ORDER BY p.pronamespace, p.proname, 6)";

// SQL-standard bodies and OUT arguments of procedures came with 14, and with them the word IN in procedures' argument lists: it
// is put in here, so that a procedure is called the same on all servers.
constexpr std::string_view function_query_13 = R"(
SELECT p.oid, p.pronamespace, p.proname, p.proowner, p.prokind = 'p',
       pg_catalog.oidvectortypes(p.proargtypes),
       CASE WHEN p.prokind = 'p' THEN COALESCE(a.identity, '') ELSE pg_catalog.pg_get_function_identity_arguments(p.oid) END,
       CASE WHEN p.prokind = 'p' AND a.full_list IS NOT NULL
            THEN overlay(d.text PLACING '(' || a.full_list || ')' FROM pg_catalog.strpos(d.text, '(' || d.arguments || ')')
                         FOR pg_catalog.length(d.arguments) + 2)
            ELSE d.text END,
       NULL,
       ARRAY(SELECT p.prorettype UNION SELECT pg_catalog.unnest(COALESCE(p.proallargtypes, p.proargtypes))), p.prolang,
       (SELECT l.lanname FROM pg_catalog.pg_language AS l WHERE l.oid = p.prolang AND l.lanispl AND l.oid < 16384), p.prosupport::pg_catalog.oid,
       pg_catalog.acldefault('f', p.proowner)::pg_catalog.text[], p.proacl::pg_catalog.text[]
  FROM pg_catalog.pg_proc AS p
       CROSS JOIN LATERAL
       (SELECT pg_catalog.rtrim(pg_catalog.pg_get_functiondef(p.oid), E'\n') AS text,
               pg_catalog.pg_get_function_arguments(p.oid) AS arguments) AS d
       CROSS JOIN LATERAL
       (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', x.mode, x.name, x.type), ', ' ORDER BY x.n) AS identity,
               pg_catalog.string_agg(pg_catalog.concat_ws(' ', x.mode, x.name, x.type,
                                       'DEFAULT ' || pg_catalog.pg_get_function_arg_default(p.oid, x.n)), ', ' ORDER BY x.n) AS full_list
          FROM (SELECT t.n::pg_catalog.int4 AS n, pg_catalog.format_type(t.type, NULL) AS type,
                       NULLIF(pg_catalog.quote_ident(p.proargnames[t.n]), '""') AS name,
                       CASE p.proargmodes[t.n] WHEN 'b' THEN 'INOUT' WHEN 'v' THEN 'VARIADIC' ELSE 'IN' END AS mode
                  FROM pg_catalog.unnest(COALESCE(p.proallargtypes, p.proargtypes::pg_catalog.oid[])) WITH ORDINALITY AS t(type, n)
                 WHERE p.prokind = 'p') AS x) AS a
 WHERE p.oid >= 16384 AND p.prokind IN ('f', 'p', 'w')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
 ORDER BY p.pronamespace, p.proname, 6)";

Function read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(),  session.role(f.oid()), f.boolean(), f.str(), f.str(),
          f.str(), f.str(), f.oids(), f.oid(),               f.str(),     f.oid(), f.privileges()};
}

// The server's text replaces; a restore must not.
std::string without_replace(const std::string& definition) {
  constexpr std::string_view replace = "CREATE OR REPLACE ";
  return definition.starts_with(replace) ? "CREATE " + definition.substr(replace.size()) : definition;
}

// The body as a piece of its own. pg_depend does not tell the body's dependencies from the signature's, so all go with the
// piece, and the draft itself gets what its signature needs.
void split_body(Draft& draft, const Function& function) {
  std::size_t at = function.definition.rfind(function.body);
  if (at == std::string::npos) return;
  draft.text = {without_replace(function.definition.substr(0, at)), function.definition.substr(at)};
  draft.needs.push_back({catalog_oid::namespace_, function.schema});
  draft.needs.push_back({catalog_oid::language, function.language});
  if (function.support) draft.needs.push_back({catalog_oid::proc, function.support});
  for (Oid type : function.signature) draft.needs.push_back({catalog_oid::type, type});

  Detachable body;
  body.address = draft.address;
  body.segment = 1;
  body.when_detached = "AS ''";  // functions are restored with check_function_bodies off
  body.phrase = draft.phrase;
  body.apart->kind = draft.entry->kind;
  body.apart->schema = draft.entry->schema;
  body.apart->name = draft.entry->name;  // the same thing, made anew
  body.apart->create_sql = function.definition;
  draft.detachables.push_back(std::move(body));
}

Draft emit(const Session& session, const Function& function) {
  const std::string& schema = session.schema(function.schema);
  std::string object = fmt::format("{} {}({})", function.procedure ? "PROCEDURE" : "FUNCTION",
                                   model::qualified(schema, function.name), function.identity);
  Draft draft = start_draft(function.procedure ? model::Kind::procedure : model::Kind::function, {catalog_oid::proc, function.oid},
                            schema, fmt::format("{}({})", function.name, function.types), object);
  draft.text.push_back(without_replace(function.definition));
  if (!function.body.empty()) split_body(draft, function);
  if (!function.given_language.empty()) draft.entry->requires_on_target.push_back({model::Requirement::What::language, function.given_language, ""});
  set_owner(draft, function.owner);
  set_privileges(draft, 'f', object, function.owner, function.privileges);
  return draft;
}

}  // namespace

void read_functions(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(session.at_least(14) ? function_query_14 : function_query_13), [&](const pg::Row& row) {
    Function function = read(session, row);
    if (session.is_users(catalog_oid::proc, function.oid, function.schema)) drafts.add(emit(session, function));
  });
}

}  // namespace pghaul::catalog::kind
