// Comparison: an archive against a live database, or two live databases. (An archive's own checksums: format/archive.h.)
//
// Schema is compared entry by entry; rows by count and order-independent digest table by table; sequences by value; large
// objects by content. Nothing is changed on any server.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "format/digest.h"
#include "format/stream.h"
#include "model/select.h"
#include "pg/connection.h"

namespace pghaul::verify {

struct Options {
  unsigned jobs = 2;
  model::Selection selection;              // of both sides; a list is of the expected one, and what the other has beside it is not looked at
  bool schema = true, data = true;
  bool owners = true, privileges = true;   // false: a restore with --no-owner, --no-privileges is compared without them
  std::function<void(model::Inventory&)> adapt;  // the expected side, to names that the other one has; none: as it is
  std::stop_token stop;
};

// One thing that is not the same.
struct Difference {
  enum class What : std::uint8_t { missing, extra, definition, owner, privileges, comment, label, rows, sequence, setting };
  What what = What::missing;
  std::string object;       // "TABLE public.orders"
  std::string expected, found;  // texts, counts or digests; may be long
};

struct TableResult {
  std::string schema, name;
  std::uint64_t rows = 0;   // on the side that is checked
  std::uint64_t raw_bytes = 0;
  format::Digest digest;
  bool equal = false;
};

struct Report {
  std::vector<Difference> differences;  // in restore order
  std::vector<TableResult> tables;
  std::uint64_t entries_compared = 0, rows = 0, raw_bytes = 0;
  bool equal() const { return differences.empty(); }
};

// `expected` and its totals come from an archive.
Report compare_with_archive(model::Inventory expected, const format::Totals& totals, const pg::ConnectOptions& target,
                            const Options& options, Progress& progress);

Report compare_databases(const pg::ConnectOptions& from, const pg::ConnectOptions& to, const Options& options, Progress& progress);

}  // namespace pghaul::verify
