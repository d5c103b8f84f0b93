// Any bytes as the rows of a chunk, in both forms.
#include "base/error.h"
#include "fixture.h"
#include "format/rows.h"
#include "fuzz.h"

std::vector<std::string> fuzz_seeds() {
  using namespace pghaul::format;
  test::Random random(1);
  return {std::string(test::random_chunk(random, 1, 0, pghaul::model::CopyFormat::text, 9).raw.view()),
          std::string(test::random_chunk(random, 1, 0, pghaul::model::CopyFormat::binary, 9).raw.view())};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pghaul::ByteView bytes(reinterpret_cast<const char*>(data), size);
  for (auto format : {pghaul::model::CopyFormat::text, pghaul::model::CopyFormat::binary}) {
    std::size_t seen = 0;
    try {
      pghaul::format::for_each_row(
          bytes, format, [&](pghaul::ByteView row) { seen += row.size() + (row.data() < bytes.data()); });
    } catch (const pghaul::Error&) {
    }
    if (seen > size) __builtin_trap();
  }
  return 0;
}
