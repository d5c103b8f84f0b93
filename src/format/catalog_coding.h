// model::Inventory as the bytes of the catalog blocks, and back. Every record carries its length, so that a
// later minor version can append fields which this one passes over. Internal to the module.
#pragma once

#include <string>

#include "base/bytes.h"
#include "model/inventory.h"

namespace pghaul::format {

// Throws Error(internal) when the inventory breaks a promise of model/inventory.h.
std::string encode_inventory(const model::Inventory& inventory);

// For bytes of any origin. Throws Error(damaged), or Error(unsupported) for a kind or a choice of a newer
// version.
model::Inventory decode_inventory(ByteView bytes);

}  // namespace pghaul::format
