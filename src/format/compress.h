// zstd: one frame a block, with its content size in the frame. Internal to the module.
#pragma once

#include <memory>
#include <string_view>

#include "base/bytes.h"

struct ZSTD_CCtx_s;

namespace pghaul::format {

// One per thread. Level 0 compresses nothing.
class Compressor {
 public:
  explicit Compressor(int level);
  // A view into out; or raw itself, when compression would save less than 3 %.
  ByteView compress(ByteView raw, Buffer& out);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
};

// Throws Error(usage) when zstd has no such level.
void check_level(int level);

// Exactly one frame that gives exactly raw_bytes. Empty when done, else what is wrong. The context is the
// thread's own.
std::string_view decompress(ByteView stored, std::size_t raw_bytes, Buffer& raw);

}  // namespace pghaul::format
