#include "model/entry.h"

#include "base/error.h"

namespace pghaul::model {

std::string describe(const Entry& entry) {
  std::string text(kind_name(entry.kind));
  text += ' ';
  if (!entry.schema.empty()) text += printable(entry.schema) + '.';
  return text + printable(entry.name);
}

}  // namespace pghaul::model
