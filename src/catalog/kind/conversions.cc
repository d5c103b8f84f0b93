// CONVERSION between encodings.

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Conversion {
  Oid oid, schema;
  std::string name, owner;
  bool is_default;
  std::string from, to;  // encodings
  std::string function;  // regproc text
};

constexpr std::string_view conversion_query = R"(
SELECT c.oid, c.connamespace, c.conname, c.conowner, c.condefault,
       pg_catalog.pg_encoding_to_char(c.conforencoding), pg_catalog.pg_encoding_to_char(c.contoencoding), c.conproc
  FROM pg_catalog.pg_conversion AS c
 WHERE c.oid >= 16384
 ORDER BY c.connamespace, c.conname)";

Conversion read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(), session.role(f.oid()), f.boolean(), f.str(), f.str(), f.str()};
}

Draft emit(const Session& session, const Conversion& conversion) {
  const std::string& schema = session.schema(conversion.schema);
  std::string name = model::qualified(schema, conversion.name);
  Draft draft = start_draft(model::Kind::conversion, {catalog_oid::conversion, conversion.oid}, schema, conversion.name, "CONVERSION " + name);
  draft.text.push_back(std::string(conversion.is_default ? "CREATE DEFAULT CONVERSION " : "CREATE CONVERSION ") + name + "\n  FOR " +
                       model::quote_literal(conversion.from) + " TO " + model::quote_literal(conversion.to) + " FROM " + conversion.function);
  set_owner(draft, conversion.owner);
  return draft;
}

}  // namespace

void read_conversions(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(conversion_query), [&](const pg::Row& row) {
    Conversion conversion = read(session, row);
    if (session.is_users(catalog_oid::conversion, conversion.oid, conversion.schema)) drafts.add(emit(session, conversion));
  });
}

}  // namespace pghaul::catalog::kind
