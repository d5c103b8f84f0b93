// All that a catalog holds: where it was read, and its entries in a valid restore order.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "model/entry.h"

namespace pghaul::model {

// The server and database that an inventory was read from.
struct Origin {
  int server_version = 0;        // server_version_num: 160014
  std::string server_version_text;  // "16.14 (Debian ...)"
  std::string database;
  std::string encoding;          // server encoding's name: "UTF8"
  std::string collate, ctype;    // datcollate, datctype
  std::string locale_provider;   // 'c' libc, 'i' ICU, 'b' builtin; "" before 15
  std::string snapshot;          // the exported snapshot's name; "" when none was exported
  std::int64_t snapshot_time_us = 0;  // microseconds since 1970-01-01 UTC, of the source's clock
  std::uint32_t block_size = 8192;    // bytes
  std::vector<std::string> search_path; // schemas that a name without one is looked for in, as a new session there has them
  bool partial = false;               // a selection left something out by name
};

struct Inventory {
  Origin origin;
  std::deque<Entry> entries;   // entries[i].id == i + 1; acyclic; dependencies come before what depends on them
  std::vector<std::string> warnings;  // for the user: what could not be carried as it is, by name

  const Entry& at(EntryId id) const { return entries.at(id - 1); }
};

}  // namespace pghaul::model
