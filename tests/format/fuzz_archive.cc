// Any bytes as an archive: an Error or a whole Overview, nothing else. Every input is tried twice: as it is,
// and with its checksums made to fit, as an attacker would, so that what stands behind them is reached.
// Seeds: small archives, whole.
#include <cstring>

#include "base/error.h"
#include "fixture.h"
#include "format/verify.h"
#include "fuzz.h"

namespace {

using namespace pghaul::format;

void verify(pghaul::ByteView bytes) {
  try {
    verify_bytes(bytes_in_memory(bytes), "fuzz", {.threads = 1, .stored_first = false, .progress = {}});
  } catch (const pghaul::Error&) {
  }
}

// Makes the payload's and the header's checksums of the block at this offset fit. Returns where the next one
// is.
std::size_t fit_block(std::string& bytes, const Uuid& uuid, std::size_t at) {
  BlockHeader header;
  std::memcpy(&header, bytes.data() + at, sizeof header);
  if (header.stored_bytes > bytes.size() - at - sizeof header)
    header.stored_bytes = bytes.size() - at - sizeof header;
  pghaul::ByteView stored = pghaul::ByteView(bytes).substr(at + sizeof header, header.stored_bytes),
                   raw = stored;
  pghaul::Buffer scratch;
  if (header.codec == 1 && header.raw_bytes < (1u << 20) &&
      decompress(stored, header.raw_bytes, scratch).empty())
    raw = scratch.view();
  if (header.codec == 0) header.raw_bytes = header.stored_bytes;
  BlockHeader fitting =
      make_header(uuid, static_cast<BlockType>(header.type), header.relation, header.number, raw, stored);
  header.raw_checksum_low = fitting.raw_checksum_low, header.raw_checksum_high = fitting.raw_checksum_high;
  header.stored_checksum = fitting.stored_checksum;
  seal(header, uuid, at);
  std::memcpy(bytes.data() + at, &header, sizeof header);
  return at + sizeof header + header.stored_bytes;
}

std::string with_fitting_checksums(std::string bytes) {
  layout::FileHeader head;
  if (bytes.size() < sizeof head) return bytes;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.header_bytes < sizeof head || head.header_bytes > bytes.size()) return bytes;
  head.capabilities_checksum =
      hash64(pghaul::ByteView(bytes).substr(sizeof head, head.header_bytes - sizeof head), 0);
  head.checksum = hash64(bytes_of(head).substr(0, offsetof(layout::FileHeader, checksum)), 0);
  std::memcpy(bytes.data(), &head, sizeof head);
  Uuid uuid = test::uuid_of(bytes);
  std::size_t at = head.header_bytes;
  while (at + sizeof(BlockHeader) <= bytes.size() &&
         std::memcmp(bytes.data() + at, layout::footer_magic, 4) != 0)
    at = fit_block(bytes, uuid, at);
  layout::Footer footer;
  if (at + sizeof footer > bytes.size()) return bytes;
  std::memcpy(&footer, bytes.data() + at, sizeof footer);
  footer.checksum =
      hash64(bytes_of(footer).substr(0, offsetof(layout::Footer, checksum)), offset_seed(uuid, at));
  std::memcpy(bytes.data() + at, &footer, sizeof footer);
  return bytes;
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
  using test::small_archive;
  return {small_archive(1, 2, 2, 10), small_archive(2, 1, 3, 20, 0), small_archive(3, 0, 0, 0)};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pghaul::ByteView bytes(reinterpret_cast<const char*>(data), size);
  verify(bytes);
  verify(with_fitting_checksums(std::string(bytes)));
  return 0;
}
