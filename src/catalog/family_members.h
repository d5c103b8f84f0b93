// The operators and support functions of operator classes and families: one query for either.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/session.h"

namespace pghaul::catalog {

struct FamilyMember {
  Address address;     // in pg_amop or pg_amproc
  std::string clause;  // OPERATOR 1 <(a,b) / FUNCTION 1 (a, b) f(a,b)
};

// By the OID of what they belong to. owner_catalog: opclass (members that live and die with it) or opfamily (loose ones).
std::unordered_map<Oid, std::vector<FamilyMember>> read_family_members(const Session& session, Oid owner_catalog);

}  // namespace pghaul::catalog
