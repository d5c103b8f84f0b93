// OPERATOR FAMILY, with its loose members: those that no operator class of it holds.

#include <fmt/format.h>

#include "catalog/drafting.h"
#include "catalog/family_members.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct OperatorFamily {
  Oid oid, schema;
  std::string name, owner, method;
};

constexpr std::string_view family_query = R"(
SELECT f.oid, f.opfnamespace, f.opfname, f.opfowner, a.amname
  FROM pg_catalog.pg_opfamily AS f
       JOIN pg_catalog.pg_am AS a ON a.oid = f.opfmethod
 WHERE f.oid >= 16384
 ORDER BY f.opfnamespace, f.opfname, a.amname)";

OperatorFamily read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(), session.role(f.oid()), f.str()};
}

Draft emit(const Session& session, const OperatorFamily& family, const std::vector<FamilyMember>& members) {
  const std::string& schema = session.schema(family.schema);
  Draft draft = start_draft(model::Kind::operator_family, {catalog_oid::opfamily, family.oid}, schema,
                            fmt::format("{} USING {}", family.name, family.method),
                            fmt::format("OPERATOR FAMILY {} USING {}", model::qualified(schema, family.name), model::quote_ident(family.method)));
  std::string sql = "CREATE " + draft.phrase;
  std::vector<std::string> clauses;
  for (const FamilyMember& member : members) {
    clauses.push_back(member.clause);
    draft.also.push_back(member.address);
  }
  if (!clauses.empty()) sql += ";\nALTER " + draft.phrase + " ADD\n  " + joined(clauses, ",\n  ");
  draft.text.push_back(std::move(sql));
  set_owner(draft, family.owner);
  return draft;
}

}  // namespace

void read_operator_families(const Session& session, Drafts& drafts) {
  auto members = read_family_members(session, catalog_oid::opfamily);
  session.connection.stream(std::string(family_query), [&](const pg::Row& row) {
    OperatorFamily family = read(session, row);
    if (session.is_users(catalog_oid::opfamily, family.oid, family.schema)) drafts.add(emit(session, family, members[family.oid]));
  });
}

}  // namespace pghaul::catalog::kind
