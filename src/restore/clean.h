// --clean: what is restored is dropped first.
#pragma once

#include <string>
#include <vector>

#include "model/inventory.h"

namespace pghaul::restore {

// DROP statements in the reverse order of creation. if_exists: what is not there is passed over.
std::vector<std::string> drop_statements(const model::Inventory& inventory, bool if_exists);

}  // namespace pghaul::restore
