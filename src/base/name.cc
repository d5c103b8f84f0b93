#include "base/name.h"

#include <mutex>
#include <unordered_set>

namespace pghaul {

const std::string* Name::shared(const std::string& text) {
  static std::mutex mutex;
  static std::unordered_set<std::string> all;  // its elements stay where they are
  std::lock_guard lock(mutex);
  return &*all.insert(text).first;
}

const std::string& Name::str() const {
  static const std::string none;
  return text_ ? *text_ : none;
}

}  // namespace pghaul
