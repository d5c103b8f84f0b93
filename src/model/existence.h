// Whether a thing is there on a server, as a question that can be put without knowing its kind: what a selection leaves out
// must exist on the target, what it takes must not.
#pragma once

#include <optional>

#include "model/inventory.h"

namespace pghaul::model {

// A Requirement of What::object. detail: which catalog to ask, one of
//   relation, type, routine, operator, collation, schema   name: as to_regclass() and its kin take it, quoted and qualified
//   access method, event trigger, extension, foreign data wrapper, language, publication, role, server, subscription, tablespace
//                                                          name: as it is
//   text search parser, ... dictionary, ... template, ... configuration
//                                                          name: schema.name, each as it is
// nullopt: a part of something else, or a thing that is not looked up by name.
std::optional<Requirement> existence(const Inventory& inventory, const Entry& entry);

}  // namespace pghaul::model
