// OPERATOR CLASS, with the operators and support functions that live and die with it.

#include <fmt/format.h>

#include "catalog/drafting.h"
#include "catalog/family_members.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct OperatorClass {
  Oid oid, schema;
  std::string name, owner, method;
  std::string family_schema, family;
  bool is_default;
  std::string type;
  std::string storage;  // empty: the type itself
};

constexpr std::string_view class_query = R"(
SELECT c.oid, c.opcnamespace, c.opcname, c.opcowner, a.amname, fn.nspname, f.opfname, c.opcdefault,
       pg_catalog.format_type(c.opcintype, NULL),
       CASE WHEN c.opckeytype <> 0 THEN pg_catalog.format_type(c.opckeytype, NULL) END
  FROM pg_catalog.pg_opclass AS c
       JOIN pg_catalog.pg_am AS a ON a.oid = c.opcmethod
       JOIN pg_catalog.pg_opfamily AS f ON f.oid = c.opcfamily
       JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.opfnamespace
 WHERE c.oid >= 16384
 ORDER BY c.opcnamespace, c.opcname, a.amname)";

OperatorClass read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(), session.role(f.oid()), f.str(), f.str(), f.str(), f.boolean(), f.str(), f.str()};
}

Draft emit(const Session& session, const OperatorClass& opclass, const std::vector<FamilyMember>& members) {
  const std::string& schema = session.schema(opclass.schema);
  std::string name = model::qualified(schema, opclass.name), method = model::quote_ident(opclass.method);
  Draft draft = start_draft(model::Kind::operator_class, {catalog_oid::opclass, opclass.oid}, schema,
                            fmt::format("{} USING {}", opclass.name, opclass.method),
                            fmt::format("OPERATOR CLASS {} USING {}", name, method));
  std::vector<std::string> clauses;
  if (!opclass.storage.empty()) clauses.push_back("STORAGE " + opclass.storage);
  for (const FamilyMember& member : members) {
    clauses.push_back(member.clause);
    draft.also.push_back(member.address);
  }
  // The syntax wants something; this is what it is without saying it.
  if (clauses.empty()) clauses.push_back("STORAGE " + opclass.type);
  draft.text.push_back(fmt::format("CREATE OPERATOR CLASS {}\n  {}FOR TYPE {} USING {} FAMILY {} AS\n  {}", name,
                                   opclass.is_default ? "DEFAULT " : "", opclass.type, method,
                                   model::qualified(opclass.family_schema, opclass.family), joined(clauses, ",\n  ")));
  set_owner(draft, opclass.owner);
  return draft;
}

}  // namespace

void read_operator_classes(const Session& session, Drafts& drafts) {
  auto members = read_family_members(session, catalog_oid::opclass);
  session.connection.stream(std::string(class_query), [&](const pg::Row& row) {
    OperatorClass opclass = read(session, row);
    if (session.is_users(catalog_oid::opclass, opclass.oid, opclass.schema)) drafts.add(emit(session, opclass, members[opclass.oid]));
  });
}

}  // namespace pghaul::catalog::kind
