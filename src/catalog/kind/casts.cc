// CAST. Those between a range and its multirange come with the range type.

#include "base/error.h"
#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Cast {
  Oid oid;
  std::string source, target;  // types
  std::string function;        // regprocedure text
  char method;                 // 'f', 'i', 'b'
  char context;                // 'e', 'a', 'i'
};

constexpr std::string_view cast_query = R"(
SELECT c.oid, pg_catalog.format_type(c.castsource, NULL), pg_catalog.format_type(c.casttarget, NULL),
       c.castfunc::pg_catalog.regprocedure, c.castmethod, c.castcontext
  FROM pg_catalog.pg_cast AS c
 WHERE c.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'i')
 ORDER BY 2, 3)";

Cast read(const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), f.str(), f.str(), f.letter(), f.letter()};
}

std::string how(const Cast& cast) {
  switch (cast.method) {
    case 'f': return " WITH FUNCTION " + cast.function;
    case 'i': return " WITH INOUT";
    case 'b': return " WITHOUT FUNCTION";
    default:
      throw Error(Fault::unsupported, "the cast from " + printable(cast.source) + " to " + printable(cast.target) +
                                          " is of the unknown method '" + cast.method + "'");
  }
}

Draft emit(const Cast& cast) {
  std::string name = "(" + cast.source + " AS " + cast.target + ")";
  Draft draft = start_draft(model::Kind::cast, {catalog_oid::cast, cast.oid}, "", name, "CAST " + name);
  draft.text.push_back("CREATE " + draft.phrase + how(cast) +
                       (cast.context == 'a' ? " AS ASSIGNMENT" : cast.context == 'i' ? " AS IMPLICIT" : ""));
  return draft;
}

}  // namespace

void read_casts(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(cast_query), [&](const pg::Row& row) {
    Cast cast = read(row);
    if (session.is_users(catalog_oid::cast, cast.oid, 0)) drafts.add(emit(cast));
  });
}

}  // namespace pghaul::catalog::kind
