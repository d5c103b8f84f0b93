// Which things are on the target already: asked by name, for what a selection leaves out and for what it would make.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/entry.h"
#include "pg/connection.h"

namespace pghaul::restore {

using Presence = std::set<std::pair<std::string, std::string>>;  // (detail, name) of those requirements that are met

// requirements: of What::object (model/existence.h). A bounded number of queries a thousand.
Presence present(pg::Connection& connection, const std::vector<model::Requirement>& requirements);

}  // namespace pghaul::restore
