// What another session, or a neighbour of our own, stood in the way of for a moment is tried again.
#pragma once

#include <functional>

#include "base/error.h"

namespace pghaul::restore {

// A deadlock, a lock that was not had in time, a row of a catalog that was updated at the same time.
bool is_passing(const Error& error);

// work is one transaction that leaves nothing behind when it fails. Throws what the last try threw.
void retrying(const std::function<void()>& work);

}  // namespace pghaul::restore
