// TRANSFORM: how values of a type go into a procedural language and come back.

#include <fmt/format.h>

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Transform {
  Oid oid;
  std::string type, language;
  std::string from_sql, to_sql;  // regprocedure text
};

constexpr std::string_view transform_query = R"(
SELECT t.oid, pg_catalog.format_type(t.trftype, NULL), l.lanname,
       t.trffromsql::pg_catalog.regprocedure, t.trftosql::pg_catalog.regprocedure
  FROM pg_catalog.pg_transform AS t
       JOIN pg_catalog.pg_language AS l ON l.oid = t.trflang
 WHERE t.oid >= 16384
 ORDER BY 2, 3)";

Transform read(const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), f.str(), f.str(), f.str()};
}

Draft emit(const Transform& transform) {
  Draft draft = start_draft(model::Kind::transform, {catalog_oid::transform, transform.oid}, "",
                            fmt::format("FOR {} LANGUAGE {}", transform.type, transform.language),
                            fmt::format("TRANSFORM FOR {} LANGUAGE {}", transform.type, model::quote_ident(transform.language)));
  std::vector<std::string> clauses;
  if (names_something(transform.from_sql)) clauses.push_back("FROM SQL WITH FUNCTION " + transform.from_sql);
  if (names_something(transform.to_sql)) clauses.push_back("TO SQL WITH FUNCTION " + transform.to_sql);
  draft.text.push_back(with_clauses("CREATE " + draft.phrase, clauses));
  return draft;
}

}  // namespace

void read_transforms(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(transform_query), [&](const pg::Row& row) {
    Transform transform = read(row);
    if (session.is_users(catalog_oid::transform, transform.oid, 0)) drafts.add(emit(transform));
  });
}

}  // namespace pghaul::catalog::kind
