// Nothing is passed over because pghaul does not know it: rows of the catalog whose letters (kinds, states) no supported version has.
#pragma once

#include "catalog/session.h"

namespace pghaul::catalog {

// Throws Error(unsupported) that names all such objects of users: a damaged catalog, or a fork of PostgreSQL that has more than it.
// The letters are those of the documentation's chapter 51, System Catalogs, in versions 13 to 18.
void check_known(const Session& session);

}  // namespace pghaul::catalog
