#include "format/capability.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "format/hash.h"
#include "format/layout.h"

namespace pghaul::format {
namespace {

constexpr std::string_view known[] = {
    "xxh3",        // checksums and digests are XXH3
    "row-digest",  // chunks and relations carry order-independent digests of their rows
    "zstd",        // some blocks are zstd frames
};

void add(std::string& table, std::string_view name, std::uint32_t flags) {
  layout::Capability capability{};
  std::copy(name.begin(), name.end(), capability.name);
  capability.flags = flags;
  table += bytes_of(capability);
}

}  // namespace

std::string capabilities_to_write(bool compressed) {
  std::string table;
  add(table, "xxh3", layout::capability_required);
  add(table, "row-digest", 0);
  if (compressed) add(table, "zstd", layout::capability_required);
  return table;
}

Capabilities read_capabilities(ByteView table) {
  Capabilities result;
  for (; !table.empty(); table.remove_prefix(sizeof(layout::Capability))) {
    layout::Capability capability;
    std::memcpy(&capability, table.data(), sizeof capability);
    if (capability.name[sizeof capability.name - 1] != 0)
      throw Error(Fault::damaged, "a capability has no name");
    std::string name(capability.name);
    bool required = capability.flags & layout::capability_required;
    bool is_known = std::find(std::begin(known), std::end(known), name) != std::end(known);
    if (!is_known && required)
      throw Error(Fault::unsupported,
                  fmt::format("the archive needs the capability \"{}\", which this version does not have",
                              printable(name)))
          .hint("Use a newer pghaul: the archive was written by one.");
    if (!is_known) result.ignored.push_back(printable(name));
    result.names.push_back(printable(name));
  }
  return result;
}

}  // namespace pghaul::format
