// Empties containers and gives their memory back; container = {} keeps it, since it assigns an empty list.
#pragma once

namespace pghaul {

template <typename... Containers>
void release(Containers&... containers) {
  (Containers().swap(containers), ...);
}

}  // namespace pghaul
