// Any bytes as an archive: an Error or a whole Overview, nothing else. Seeds: small archives, whole.
#include "base/error.h"
#include "fixture.h"
#include "format/verify.h"
#include "fuzz.h"

std::vector<std::string> fuzz_seeds() {
  using pghaul::format::test::small_archive;
  return {small_archive(1, 2, 2, 10), small_archive(2, 1, 3, 20, 0), small_archive(3, 0, 0, 0)};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pghaul::ByteView bytes(reinterpret_cast<const char*>(data), size);
  try {
    pghaul::format::verify_bytes(pghaul::format::bytes_in_memory(bytes), "fuzz", {.threads = 1, .stored_first = false, .progress = {}});
  } catch (const pghaul::Error&) {
  }
  return 0;
}
