// ACCESS METHOD: of indexes and of tables.

#include "base/error.h"
#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct AccessMethod {
  Oid oid;
  std::string name;
  char type;
  std::string handler;
};

constexpr std::string_view access_method_query = R"(
SELECT a.oid, a.amname, a.amtype, a.amhandler::pg_catalog.regproc
  FROM pg_catalog.pg_am AS a
 WHERE a.oid >= 16384
 ORDER BY a.amname)";

AccessMethod read(const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), f.letter(), f.str()};
}

Draft emit(const AccessMethod& method) {
  if (method.type != 'i' && method.type != 't')
    throw Error(Fault::unsupported, "access method " + printable(method.name) + " is of the unknown type '" + method.type + "'");
  Draft draft = start_draft(model::Kind::access_method, {catalog_oid::access_method, method.oid}, "", method.name,
                            "ACCESS METHOD " + model::quote_ident(method.name));
  draft.text.push_back("CREATE " + draft.phrase + " TYPE " + (method.type == 'i' ? "INDEX" : "TABLE") + " HANDLER " + method.handler);
  return draft;
}

}  // namespace

void read_access_methods(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(access_method_query), [&](const pg::Row& row) {
    AccessMethod method = read(row);
    if (session.is_users(catalog_oid::access_method, method.oid, 0)) drafts.add(emit(method));
  });
}

}  // namespace pghaul::catalog::kind
