// Rows of chunks into the target.
#pragma once

#include <functional>
#include <vector>

#include "format/stream.h"
#include "model/entry.h"
#include "pg/connection.h"

namespace pghaul::restore {

// A chunk of the same relation that is at hand, or null.
using NextChunk = std::function<format::ChunkPtr()>;

// One transaction with these chunks, at least one, and with what next() gives: it is asked, up to at_most chunks, as long as the waiting
// for the server's answers when a COPY begins and ends takes long beside sending the rows, as with a server far away. What it gives
// is added to `chunks`: when the transaction fails, that is what it held. Throws Error(damaged) when the server took another
// number of rows.
void load_chunks(pg::Connection& connection, const model::Entry& entry, std::vector<format::ChunkPtr>& chunks, std::size_t at_most,
                 const NextChunk& next);

}  // namespace pghaul::restore
