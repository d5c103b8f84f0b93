// An inventory as SQL to read, or to run through a server: what a restore would send, in its order, without rows.
#pragma once

#include <string>

#include "model/inventory.h"
#include "restore/policy.h"

namespace pghaul::restore {

// No line outside a quoted string holds text from the source in a comment: names are printed on one line, harmlessly.
std::string script(const model::Inventory& inventory, const Policy& policy);

}  // namespace pghaul::restore
