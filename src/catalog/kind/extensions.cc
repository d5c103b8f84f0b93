// EXTENSION. The target's default version is installed; the source's is kept as a requirement, to be compared. What an
// extension brings is not carried, except privileges that were changed (changed_privileges.cc).

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Extension {
  Oid oid;
  std::string name, schema, version;
};

// initdb's own (plpgsql) is on every target; one that the user made again has an OID of a user's object.
constexpr std::string_view extension_query = R"(
SELECT e.oid, e.extname, e.extnamespace, e.extversion
  FROM pg_catalog.pg_extension AS e
 WHERE e.oid >= 16384
 ORDER BY e.extname)";

Extension read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), session.schema(f.oid()), f.str()};
}

Draft emit(const Extension& extension) {
  std::string name = model::quote_ident(extension.name);
  Draft draft = start_draft(model::Kind::extension, {catalog_oid::extension, extension.oid}, "", extension.name, "EXTENSION " + name);
  draft.text.push_back("CREATE EXTENSION IF NOT EXISTS " + name + " WITH SCHEMA " + model::quote_ident(extension.schema));
  draft.entry->requires_on_target.push_back({model::Requirement::What::extension, extension.name, extension.version});
  return draft;
}

}  // namespace

void read_extensions(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(extension_query), [&](const pg::Row& row) { drafts.add(emit(read(session, row))); });
}

}  // namespace pghaul::catalog::kind
