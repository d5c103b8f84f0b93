// How fast does one thread turn a chunk into stored bytes and back, and what does it save? 4 MiB of rows, as a dump cuts them.
#include <benchmark/benchmark.h>

#include <random>

#include "format/chunk.h"
#include "format/compress.h"
#include "sample_rows.h"

namespace pghaul::format {
namespace {

const std::string& rows(model::CopyFormat format) {
  static const std::string text = bench::sample_rows(default_chunk_bytes, 200, model::CopyFormat::text);
  static const std::string binary = bench::sample_rows(default_chunk_bytes, 200, model::CopyFormat::binary);
  return format == model::CopyFormat::text ? text : binary;
}

void report(benchmark::State& state, std::size_t raw, std::size_t stored) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * raw));
  state.counters["stored_per_raw"] = static_cast<double>(stored) / static_cast<double>(raw);
}

void compress_level(benchmark::State& state, model::CopyFormat format) {
  const std::string& raw = rows(format);
  Compressor compressor(static_cast<int>(state.range(0)));
  Buffer out;
  std::size_t stored = 0;
  for (auto _ : state) benchmark::DoNotOptimize(stored = compressor.compress(raw, out).size());
  report(state, raw.size(), stored);
}
BENCHMARK_CAPTURE(compress_level, text, model::CopyFormat::text)->Arg(0)->Arg(1)->Arg(2)->Arg(3);
BENCHMARK_CAPTURE(compress_level, binary, model::CopyFormat::binary)->Arg(0)->Arg(1)->Arg(2)->Arg(3);

// Bytes that zstd cannot make smaller: the price of finding that out.
void compress_noise(benchmark::State& state) {
  std::mt19937_64 random(7);
  std::string raw(default_chunk_bytes, '\0');
  for (char& byte : raw) byte = static_cast<char>(random());
  Compressor compressor(static_cast<int>(state.range(0)));
  Buffer out;
  std::size_t stored = 0;
  for (auto _ : state) benchmark::DoNotOptimize(stored = compressor.compress(raw, out).size());
  report(state, raw.size(), stored);
}
BENCHMARK(compress_noise)->Arg(1)->Arg(3);

void decompress_level(benchmark::State& state, model::CopyFormat format) {
  const std::string& raw = rows(format);
  Buffer out, back;
  Compressor compressor(static_cast<int>(state.range(0)));
  ByteView stored = compressor.compress(raw, out);
  for (auto _ : state)
    if (!decompress(stored, raw.size(), back).empty()) state.SkipWithError("not what was compressed");
  report(state, raw.size(), stored.size());
}
BENCHMARK_CAPTURE(decompress_level, text, model::CopyFormat::text)->Arg(1)->Arg(2)->Arg(3);
BENCHMARK_CAPTURE(decompress_level, binary, model::CopyFormat::binary)->Arg(1)->Arg(2)->Arg(3);

}  // namespace
}  // namespace pghaul::format
