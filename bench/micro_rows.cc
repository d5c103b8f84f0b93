// What does a row cost before it is in a chunk: taken off COPY's framing and digested as it arrives, and found again and
// digested by verification? Rows of 30, 200 and 2000 bytes.
#include <benchmark/benchmark.h>

#include <vector>

#include "format/chunk.h"
#include "format/copy_rows.h"
#include "format/rows.h"
#include "sample_rows.h"

namespace pghaul::format {
namespace {

using model::CopyFormat;

struct Sample {
  std::string raw;
  std::vector<ByteView> rows;  // as the server's messages hold them: a line with its newline, or a tuple
};

Sample sample(benchmark::State& state, CopyFormat format) {
  Sample sample{bench::sample_rows(default_chunk_bytes, static_cast<std::size_t>(state.range(0)), format), {}};
  for_each_row(sample.raw, format, [&](ByteView row) {
    sample.rows.emplace_back(row.data(), row.size() + (format == CopyFormat::text ? 1 : 0));
  });
  return sample;
}

void report(benchmark::State& state, const Sample& sample) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * sample.raw.size()));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * sample.rows.size()));
}

void row_digest_sum(benchmark::State& state) {
  const Sample rows = sample(state, CopyFormat::binary);
  for (auto _ : state) {
    Digest sum;
    for (ByteView row : rows.rows) sum += row_digest(row);
    benchmark::DoNotOptimize(sum);
  }
  report(state, rows);
}
BENCHMARK(row_digest_sum)->Arg(30)->Arg(200)->Arg(2000);

// As the dump takes rows: message by message into a chunk, digested on the way.
void rows_gathered(benchmark::State& state, CopyFormat format) {
  const Sample messages = sample(state, format);
  const std::string header = std::string(CopyRows::signature) + std::string(8, '\0');
  Buffer raw(messages.raw.size());
  for (auto _ : state) {
    CopyRows rows(format);
    raw.clear();
    Digest sum;
    if (format == CopyFormat::binary) benchmark::DoNotOptimize(rows(header));
    for (ByteView message : messages.rows) {
      auto row = rows(message);
      if (!row) continue;
      sum += row_digest(rows.digested(*row));
      raw.append(*row);
    }
    benchmark::DoNotOptimize(sum);
    benchmark::ClobberMemory();
  }
  report(state, messages);
}
BENCHMARK_CAPTURE(rows_gathered, text, CopyFormat::text)->Arg(30)->Arg(200)->Arg(2000);
BENCHMARK_CAPTURE(rows_gathered, binary, CopyFormat::binary)->Arg(30)->Arg(200)->Arg(2000);

// Rows found in a chunk's bytes, and no more.
void rows_split(benchmark::State& state, CopyFormat format) {
  const Sample rows = sample(state, format);
  for (auto _ : state) {
    std::size_t bytes = 0;
    for_each_row(rows.raw, format, [&](ByteView row) { bytes += row.size(); });
    benchmark::DoNotOptimize(bytes);
  }
  report(state, rows);
}
BENCHMARK_CAPTURE(rows_split, text, CopyFormat::text)->Arg(30)->Arg(200)->Arg(2000);
BENCHMARK_CAPTURE(rows_split, binary, CopyFormat::binary)->Arg(30)->Arg(200)->Arg(2000);

// As verification does it: found, counted and digested.
void rows_summed(benchmark::State& state, CopyFormat format) {
  const Sample rows = sample(state, format);
  for (auto _ : state) benchmark::DoNotOptimize(sum_rows(rows.raw, format));
  report(state, rows);
}
BENCHMARK_CAPTURE(rows_summed, text, CopyFormat::text)->Arg(30)->Arg(200)->Arg(2000);
BENCHMARK_CAPTURE(rows_summed, binary, CopyFormat::binary)->Arg(30)->Arg(200)->Arg(2000);

}  // namespace
}  // namespace pghaul::format
