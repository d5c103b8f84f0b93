// What an archive makes use of, by name: an unknown required capability is refused, an unknown optional one
// is passed over with a warning. Internal to the module.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace pghaul::format {

// The table as it stands after the file header.
std::string capabilities_to_write(bool compressed);

struct Capabilities {
  std::vector<std::string> names;
  std::vector<std::string> ignored;  // optional ones that this version does not know
};
// For bytes of any origin. Error(unsupported) names an unknown required one; Error(damaged).
Capabilities read_capabilities(ByteView table);

}  // namespace pghaul::format
