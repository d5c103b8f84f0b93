// Any bytes behind the checksums: as a catalog, as an index, and as a zstd frame of a chunk.
#include "base/error.h"
#include "fixture.h"
#include "format/catalog_coding.h"
#include "format/tally.h"
#include "fuzz.h"

std::vector<std::string> fuzz_seeds() {
  using namespace pghaul::format;
  test::Random random(1);
  std::string raw(5000, 'a');
  pghaul::Buffer out;
  Compressor compressor(1);
  return {encode_inventory(test::random_inventory(random, 6)), encode_inventory(test::tables(2)),
          encode_index({{{}, {}}, {{}, {}, {}}}), std::string(compressor.compress(raw, out))};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pghaul::ByteView bytes(reinterpret_cast<const char*>(data), size);
  try {
    pghaul::format::decode_inventory(bytes);
  } catch (const pghaul::Error&) {
  }
  try {
    pghaul::format::decode_index(bytes);
  } catch (const pghaul::Error&) {
  }
  pghaul::Buffer raw;
  pghaul::format::decompress(bytes, 5000, raw);
  return 0;
}
