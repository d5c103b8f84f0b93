// Rows of one chunk into the target.
#pragma once

#include "format/chunk.h"
#include "model/entry.h"
#include "pg/connection.h"

namespace pghaul::restore {

// One transaction. Throws Error(damaged) when the server took another number of rows than the chunk holds.
void load_chunk(pg::Connection& connection, const model::Entry& entry, const format::Chunk& chunk);

}  // namespace pghaul::restore
