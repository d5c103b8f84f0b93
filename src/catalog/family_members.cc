// See family_members.h.
#include "catalog/family_members.h"

#include <fmt/format.h>

#include "catalog/drafting.h"
#include "model/ident.h"

namespace pghaul::catalog {
namespace {

// {}: the catalog of what the members belong to.
constexpr std::string_view member_query = R"(
SELECT d.refobjid, d.classid, d.objid, o.amopstrategy, o.amopopr::pg_catalog.regoperator::pg_catalog.text, n.nspname, s.opfname, '' AS lhs, '' AS rhs
  FROM pg_catalog.pg_depend AS d
       JOIN pg_catalog.pg_amop AS o ON o.oid = d.objid
       LEFT JOIN pg_catalog.pg_opfamily AS s ON s.oid = o.amopsortfamily
       LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = s.opfnamespace
 WHERE d.classid = 'pg_catalog.pg_amop'::pg_catalog.regclass AND d.refclassid = {0} AND d.refobjid >= 16384
UNION ALL
SELECT d.refobjid, d.classid, d.objid, p.amprocnum, p.amproc::pg_catalog.regprocedure::pg_catalog.text, NULL, NULL,
       pg_catalog.format_type(p.amproclefttype, NULL), pg_catalog.format_type(p.amprocrighttype, NULL)
  FROM pg_catalog.pg_depend AS d
       JOIN pg_catalog.pg_amproc AS p ON p.oid = d.objid
 WHERE d.classid = 'pg_catalog.pg_amproc'::pg_catalog.regclass AND d.refclassid = {0} AND d.refobjid >= 16384
 ORDER BY 1, 2, 4, 8, 9, 5)";

}  // namespace

std::unordered_map<Oid, std::vector<FamilyMember>> read_family_members(const Session& session, Oid owner_catalog) {
  std::unordered_map<Oid, std::vector<FamilyMember>> members;
  session.connection.stream(fmt::format(member_query, owner_catalog), [&](const pg::Row& row) {
    Fields f(row);
    Oid owner = f.oid();
    FamilyMember member{{f.oid(), f.oid()}, ""};
    std::int64_t number = f.integer();
    std::string object = f.str(), sort_schema = f.str(), sort_family = f.str(), left = f.str(), right = f.str();
    if (member.address.catalog == catalog_oid::amop) {
      member.clause = fmt::format("OPERATOR {} {}", number, object);
      if (!sort_family.empty()) member.clause += " FOR ORDER BY " + model::qualified(sort_schema, sort_family);
    } else {
      member.clause = fmt::format("FUNCTION {} ({}, {}) {}", number, left, right, object);
    }
    members[owner].push_back(std::move(member));
  });
  return members;
}

}  // namespace pghaul::catalog
