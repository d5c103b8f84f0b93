// Verification of an archive's bytes wherever they are: verify_archive() on a file, tests and fuzzers on
// memory. Internal to the module.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "format/archive.h"
#include "format/file.h"

namespace pghaul::format {

struct VerifyOptions {
  unsigned threads = 1;
  // Checks all stored bytes before the first is decompressed: cheap where the bytes are in memory already.
  bool stored_first = false;
  std::function<void(std::uint64_t)> progress;
};

// Structure first (headers, order, index, footer), then every payload.
Overview verify_bytes(std::shared_ptr<const Bytes> bytes, const std::string& path,
                      const VerifyOptions& options);

}  // namespace pghaul::format
