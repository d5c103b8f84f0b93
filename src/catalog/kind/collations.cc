// COLLATION, of all providers. The version that the source's library had is not carried: the target records its own.

#include "base/error.h"
#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Collation {
  Oid oid, schema;
  std::string name, owner;
  char provider;
  bool deterministic;
  std::string collate, ctype;            // libc
  std::string locale;                    // ICU, builtin
  std::optional<std::string> icu_rules;  // since 16
};

// Collations of other encodings can be in a database that was copied from a template; they are out of use in it.
constexpr std::string_view collation_query_17 = R"(
SELECT c.oid, c.collnamespace, c.collname, c.collowner, c.collprovider, c.collisdeterministic,
       c.collcollate, c.collctype, c.colllocale, c.collicurules
  FROM pg_catalog.pg_collation AS c
 WHERE c.oid >= 16384
   AND c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database AS d
                                WHERE d.datname = pg_catalog.current_database()))
 ORDER BY c.collnamespace, c.collname)";

// One name for the locale of all providers but libc came with 17.
constexpr std::string_view collation_query_16 = R"(
SELECT c.oid, c.collnamespace, c.collname, c.collowner, c.collprovider, c.collisdeterministic,
       c.collcollate, c.collctype, c.colliculocale, c.collicurules
  FROM pg_catalog.pg_collation AS c
 WHERE c.oid >= 16384
   AND c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database AS d
                                WHERE d.datname = pg_catalog.current_database()))
 ORDER BY c.collnamespace, c.collname)";

// ICU rules came with 16.
constexpr std::string_view collation_query_15 = R"(
SELECT c.oid, c.collnamespace, c.collname, c.collowner, c.collprovider, c.collisdeterministic,
       c.collcollate, c.collctype, c.colliculocale, NULL
  FROM pg_catalog.pg_collation AS c
 WHERE c.oid >= 16384
   AND c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database AS d
                                WHERE d.datname = pg_catalog.current_database()))
 ORDER BY c.collnamespace, c.collname)";

// Before 15, an ICU locale stood in collcollate.
constexpr std::string_view collation_query_13 = R"(
SELECT c.oid, c.collnamespace, c.collname, c.collowner, c.collprovider, c.collisdeterministic,
       c.collcollate, c.collctype, c.collcollate, NULL
  FROM pg_catalog.pg_collation AS c
 WHERE c.oid >= 16384
   AND c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database AS d
                                WHERE d.datname = pg_catalog.current_database()))
 ORDER BY c.collnamespace, c.collname)";

std::string query_for(const Session& session) {
  return std::string(session.at_least(17)   ? collation_query_17
                     : session.at_least(16) ? collation_query_16
                     : session.at_least(15) ? collation_query_15
                                            : collation_query_13);
}

Collation read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(),     f.oid(), f.str(), session.role(f.oid()), f.letter(),
          f.boolean(), f.str(), f.str(), f.str(),               f.optional()};
}

std::vector<std::string> clauses_of(const Collation& collation) {
  auto text = [](std::string_view key, const std::string& value) { return std::string(key) + " = " + model::quote_literal(value); };
  std::vector<std::string> clauses;
  switch (collation.provider) {
    case 'c':
      clauses.push_back("PROVIDER = libc");
      if (collation.collate == collation.ctype) {
        clauses.push_back(text("LOCALE", collation.collate));
      } else {
        clauses.push_back(text("LC_COLLATE", collation.collate));
        clauses.push_back(text("LC_CTYPE", collation.ctype));
      }
      break;
    case 'i': clauses.insert(clauses.end(), {"PROVIDER = icu", text("LOCALE", collation.locale)}); break;
    case 'b': clauses.insert(clauses.end(), {"PROVIDER = builtin", text("LOCALE", collation.locale)}); break;
    default:
      throw Error(Fault::unsupported, "collation " + printable(collation.name) + " is of the unknown provider '" + collation.provider + "'");
  }
  if (!collation.deterministic) clauses.push_back("DETERMINISTIC = false");
  if (collation.icu_rules) clauses.push_back(text("RULES", *collation.icu_rules));
  return clauses;
}

std::vector<model::Requirement> requirements(const Collation& collation) {
  using What = model::Requirement::What;
  std::vector<model::Requirement> all;
  auto locale = [&](const std::string& name) {
    if (name != "C" && name != "POSIX") all.push_back({What::collation, name, std::string(1, collation.provider)});
  };
  if (collation.provider == 'c') {
    locale(collation.collate);
    if (collation.ctype != collation.collate) locale(collation.ctype);
  } else {
    locale(collation.locale);
  }
  if (collation.icu_rules) all.push_back({What::server_version, "collations with ICU rules", "", 16});
  if (collation.provider == 'b') all.push_back({What::server_version, "collations of the builtin provider", "", 17});
  if (collation.provider == 'b' && collation.locale == "PG_UNICODE_FAST")
    all.push_back({What::server_version, "the builtin locale PG_UNICODE_FAST", "", 18});
  return all;
}

Draft emit(const Session& session, const Collation& collation) {
  const std::string& schema = session.schema(collation.schema);
  Draft draft = start_draft(model::Kind::collation, {catalog_oid::collation, collation.oid}, schema, collation.name,
                            "COLLATION " + model::qualified(schema, collation.name));
  draft.text.push_back("CREATE " + draft.phrase + " (" + joined(clauses_of(collation)) + ")");
  draft.entry->requires_on_target = requirements(collation);
  set_owner(draft, collation.owner);
  return draft;
}

}  // namespace

void read_collations(const Session& session, Drafts& drafts) {
  session.connection.stream(query_for(session), [&](const pg::Row& row) {
    Collation collation = read(session, row);
    if (session.is_users(catalog_oid::collation, collation.oid, collation.schema)) drafts.add(emit(session, collation));
  });
}

}  // namespace pghaul::catalog::kind
