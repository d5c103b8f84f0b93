// LANGUAGE: procedural languages that no extension brings.

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Language {
  Oid oid;
  std::string name, owner;
  bool trusted;
  std::string handler, inline_handler, validator;  // regproc text
  Privileges privileges;
};

constexpr std::string_view language_query = R"(
SELECT l.oid, l.lanname, l.lanowner, l.lanpltrusted,
       l.lanplcallfoid::pg_catalog.regproc, l.laninline::pg_catalog.regproc, l.lanvalidator::pg_catalog.regproc,
       pg_catalog.acldefault('l', l.lanowner)::pg_catalog.text[], l.lanacl::pg_catalog.text[]
  FROM pg_catalog.pg_language AS l
 WHERE l.oid >= 16384 AND l.lanispl
 ORDER BY l.lanname)";

Language read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), session.role(f.oid()), f.boolean(), f.str(), f.str(), f.str(), f.privileges()};
}

Draft emit(const Language& language) {
  std::string name = model::quote_ident(language.name);
  Draft draft = start_draft(model::Kind::language, {catalog_oid::language, language.oid}, "", language.name, "LANGUAGE " + name);
  std::string sql = std::string(language.trusted ? "CREATE TRUSTED LANGUAGE " : "CREATE LANGUAGE ") + name;
  sql += "\n  HANDLER " + language.handler;
  if (names_something(language.inline_handler)) sql += "\n  INLINE " + language.inline_handler;
  if (names_something(language.validator)) sql += "\n  VALIDATOR " + language.validator;
  draft.text.push_back(std::move(sql));
  set_owner(draft, language.owner);
  // The privileges of an untrusted language cannot be granted and mean nothing.
  if (language.trusted) set_privileges(draft, 'l', draft.phrase, language.owner, language.privileges);
  return draft;
}

}  // namespace

void read_languages(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(language_query), [&](const pg::Row& row) {
    Language language = read(session, row);
    if (session.is_users(catalog_oid::language, language.oid, 0)) drafts.add(emit(language));
  });
}

}  // namespace pghaul::catalog::kind
