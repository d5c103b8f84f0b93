// The stream in memory: what copy puts between its dump and its restore.
#pragma once

#include <memory>

#include "format/stream.h"

namespace pghaul::format {

// Sink and source of the same stream. At most `capacity_chunks` chunks wait in it.
struct Channel {
  std::unique_ptr<Sink> sink;
  std::unique_ptr<Source> source;
};
Channel make_channel(std::size_t capacity_chunks);

// Puts everything into both. finish() returns the archive's totals.
std::unique_ptr<Sink> make_tee(std::unique_ptr<Sink> channel, std::unique_ptr<Sink> archive);

}  // namespace pghaul::format
