// What do the checksums of a chunk cost: XXH3-128 over the raw bytes, XXH3-64 over the stored ones, and a block's header
// with both, as the writer makes it and as a reader opens it?
#include <benchmark/benchmark.h>

#include "format/block.h"
#include "format/chunk.h"
#include "format/hash.h"
#include "sample_rows.h"

namespace pghaul::format {
namespace {

std::string bytes(benchmark::State& state) {
  return bench::sample_rows(static_cast<std::size_t>(state.range(0)), 200, model::CopyFormat::binary);
}

void checksum_raw(benchmark::State& state) {
  const std::string raw = bytes(state);
  for (auto _ : state) benchmark::DoNotOptimize(hash128(raw, 1));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * raw.size()));
}
BENCHMARK(checksum_raw)->Arg(64 << 10)->Arg(default_chunk_bytes)->Arg(16 << 20);

void checksum_stored(benchmark::State& state) {
  const std::string stored = bytes(state);
  for (auto _ : state) benchmark::DoNotOptimize(hash64(stored, 1));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * stored.size()));
}
BENCHMARK(checksum_stored)->Arg(64 << 10)->Arg(default_chunk_bytes)->Arg(16 << 20);

// The rows of a chunk in, a sealed block out: compression and all checksums.
void block_made(benchmark::State& state) {
  const std::string raw = bytes(state);
  Compressor compressor(1);
  Buffer out;
  for (auto _ : state) {
    BlockHeader header = make_header(Uuid{}, BlockType::chunk, 1, 0, raw, compressor.compress(raw, out));
    seal(header, Uuid{}, 4096);
    benchmark::DoNotOptimize(header);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * raw.size()));
}
BENCHMARK(block_made)->Arg(default_chunk_bytes);

// The way back: stored bytes checked, decompressed, raw bytes checked.
void block_opened(benchmark::State& state) {
  const std::string raw = bytes(state);
  Compressor compressor(1);
  Buffer out, scratch;
  ByteView stored = compressor.compress(raw, out);
  const BlockHeader header = make_header(Uuid{}, BlockType::chunk, 1, 0, raw, stored);
  for (auto _ : state) {
    ByteView opened;
    if (!open_payload(header, Uuid{}, stored, scratch, opened).empty()) state.SkipWithError("the block does not open");
    benchmark::DoNotOptimize(opened);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * raw.size()));
}
BENCHMARK(block_opened)->Arg(default_chunk_bytes);

}  // namespace
}  // namespace pghaul::format
