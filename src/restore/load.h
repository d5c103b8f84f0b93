// Rows of chunks into the target.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "format/stream.h"
#include "model/entry.h"
#include "pg/connection.h"

namespace pghaul::restore {

// A chunk of the same relation that is at hand, or null.
using NextChunk = std::function<format::ChunkPtr()>;

// Loads through one connection, which must outlive it; for one thread.
class Loader {
 public:
  // at_most: chunks a COPY.
  Loader(pg::Connection& connection, std::size_t at_most) : connection_(connection), at_most_(at_most) {}

  // One transaction with these chunks, at least one, and with what next() gives: it is asked as long as the waiting for the server's
  // answers when a COPY begins and ends takes long beside sending the rows, as with a server far away. What it gives is added to
  // `chunks`: when the transaction fails, that is what it held. Throws Error(damaged) when the server took another number of rows.
  void load(const model::Entry& entry, std::vector<format::ChunkPtr>& chunks, const NextChunk& next);

 private:
  using Clock = std::chrono::steady_clock;
  void copy(const model::DataSpec& data, std::vector<format::ChunkPtr>& chunks, const NextChunk& next);

  pg::Connection& connection_;
  const std::size_t at_most_;
  Clock::duration round_trip_ = Clock::duration::max();  // the shortest so far: others waited for locks or a busy processor, too
};

}  // namespace pghaul::restore
