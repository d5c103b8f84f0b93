// An inventory made fit for a target that calls things otherwise, or places rows by itself. Pure; ids stay as they are.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/inventory.h"

namespace pghaul::model {

using Names = std::map<std::string, std::string>;  // old -> new, unquoted

// Owners, grantees, grantors, and the roles in the texts of policies, user mappings, default privileges and settings.
void rename_roles(Inventory& inventory, const Names& names);

// An SQL statement with roles in those places where such statements have them: after ROLE, TO, FROM, BY, FOR and OWNER.
std::string with_roles_renamed(std::string_view sql, const Names& names);

void rename_tablespaces(Inventory& inventory, const Names& names);

// Rows of partitions go in through the topmost partitioned table, so that the target's own bounds and hash functions decide
// where they belong. What waits for the rows of one partition then waits for all of them.
void load_through_roots(Inventory& inventory);

}  // namespace pghaul::model
