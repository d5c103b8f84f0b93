#include "format/compress.h"

#include <fmt/format.h>
#include <zstd.h>

#include "base/error.h"

namespace pghaul::format {
namespace {

struct FreeDecompression {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Decoding happens in whatever thread the consumer runs it; a thread's context lives as long as the thread.
ZSTD_DCtx* decompression_context() {
  static thread_local std::unique_ptr<ZSTD_DCtx, FreeDecompression> context(ZSTD_createDCtx());
  if (!context) throw std::bad_alloc();
  return context.get();
}

constexpr std::size_t smallest_worth_compressing = 64;  // bytes

// What is asked for with the lowest levels is speed. Rows in COPY's form have many short matches and few literals that
// Huffman coding makes shorter: without both, and with a larger table, a chunk of a mixed database takes a fifth less
// time to decompress, as long to compress, and 3 % more room.
void tune_for_speed(ZSTD_CCtx& context) {
  ZSTD_CCtx_setParameter(&context, ZSTD_c_minMatch, 7);
  ZSTD_CCtx_setParameter(&context, ZSTD_c_hashLog, 17);
  ZSTD_CCtx_setParameter(&context, ZSTD_c_targetLength, 1);  // to the strategy "fast": leave literals as they are
}

}  // namespace

void Compressor::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

void check_level(int level) {
  if (level >= ZSTD_minCLevel() && level <= ZSTD_maxCLevel()) return;
  throw Error(Fault::usage, fmt::format("there is no compression level {}", level))
      .hint(fmt::format("Levels are 1 to {}, and 0 for none.", ZSTD_maxCLevel()));
}

Compressor::Compressor(int level) {
  check_level(level);
  if (level == 0) return;
  context_.reset(ZSTD_createCCtx());
  if (!context_) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
  if (level == 1 || level == 2) tune_for_speed(*context_);
}

ByteView Compressor::compress(ByteView raw, Buffer& out) {
  if (!context_ || raw.size() < smallest_worth_compressing) return raw;
  out.reserve(ZSTD_compressBound(raw.size()));
  std::size_t size = ZSTD_compress2(context_.get(), out.data(), out.capacity(), raw.data(), raw.size());
  if (ZSTD_isError(size))
    throw Error(Fault::internal,
                fmt::format("zstd cannot compress {} bytes: {}", raw.size(), ZSTD_getErrorName(size)));
  if (size > raw.size() - raw.size() / 32) return raw;
  out.resize(size);
  return out.view();
}

std::string_view decompress(ByteView stored, std::size_t raw_bytes, Buffer& raw) {
  if (ZSTD_getFrameContentSize(stored.data(), stored.size()) != raw_bytes)
    return "its zstd frame has another size than its header says";
  if (ZSTD_findFrameCompressedSize(stored.data(), stored.size()) != stored.size())
    return "it is not exactly one zstd frame";
  // Not cleared and not touched before zstd writes to it: a frame that lies about its size costs addresses,
  // not memory.
  raw.clear();
  raw.reserve(raw_bytes);
  raw.resize(raw_bytes);
  std::size_t size =
      ZSTD_decompressDCtx(decompression_context(), raw.data(), raw_bytes, stored.data(), stored.size());
  if (ZSTD_isError(size)) return "zstd cannot decompress it";
  if (size != raw_bytes) return "it decompresses to another size than its header says";
  return {};
}

}  // namespace pghaul::format
