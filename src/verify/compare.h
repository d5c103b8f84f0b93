// The steps of a comparison: pure ones on inventories and texts, and the reading of rows. Internal to the module.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "catalog/inventory.h"
#include "model/ident.h"
#include "verify/verify.h"

namespace pghaul::verify {

// What identifies an entry on both sides: ids differ from one inventory to the next.
using Key = std::tuple<model::Kind, std::string, std::string>;
inline Key key_of(const model::Entry& entry) { return {entry.kind, entry.schema, entry.name}; }

struct SchemaResult {
  std::vector<Difference> differences;
  std::vector<std::string> remarks;  // not the same, but nothing that a restore without --create would carry
  std::uint64_t compared = 0;
};

// Entry by entry, sequence values included; rows are not looked at. Pure.
SchemaResult compare_schemas(const model::Inventory& expected, const model::Inventory& found, const Options& options);

// Whether two texts are the same SQL: apart from white space outside of literals and, where the servers differ, apart from what
// the newer one is known to print or to choose otherwise.
bool same_sql(std::string_view expected, int expected_version, std::string_view found, int found_version);

// One side of a comparison whose rows are read. The keeper's transaction holds the snapshot that the readers import.
struct Side {
  std::string name;  // for messages: "the target"
  pg::ConnectOptions options;
  pg::Connection keeper;
  std::string snapshot;
  model::Inventory inventory;
};

// Connects, begins a transaction, exports its snapshot and reads the catalog. encoding: of all texts and rows; empty: the
// database's own.
Side open_side(std::string name, const pg::ConnectOptions& options, const std::string& encoding, const Options& how, Progress& progress);

// What the rows of one relation add up to.
struct RowTotals {
  std::uint64_t rows = 0, raw_bytes = 0;
  format::Digest digest;
  RowTotals& operator+=(const RowTotals& other) {
    rows += other.rows, raw_bytes += other.raw_bytes, digest += other.digest;
    return *this;
  }
};

// One COPY: the whole relation or a range of it.
struct ReadTask {
  std::size_t relation = 0;  // index into the results
  Side* side = nullptr;
  std::string object;        // for messages: "TABLE public.orders"
  std::string query;         // what stands between COPY and TO
  model::CopyFormat format = model::CopyFormat::text;
  std::uint64_t bytes = 0;   // estimate
};

// The tasks that read one relation of a side: several ranges when it is big. spec: of the side's own inventory; columns: in
// the order to read them.
std::vector<ReadTask> plan_reading(const ReadTask& whole, const model::DataSpec& spec, const std::string& columns);

// Reads them all with `jobs` connections a side; the sums by relation. Each relation's last range counts it as done.
std::vector<RowTotals> read_rows(std::vector<ReadTask> tasks, std::size_t relations, const Options& options, Progress& progress);

// Ends in Error(cancelled), whatever else the body throws, once the user has asked for a stop.
template <typename Body>
auto unless_stopped(const std::stop_token& stop, Body&& body) {
  auto cancelled = [] { return Error(Fault::cancelled, "the comparison was stopped; nothing was changed on any server"); };
  try {
    if (stop.stop_requested()) throw cancelled();
    return body();
  } catch (const Error&) {
    if (stop.stop_requested()) throw cancelled();
    throw;
  }
}

}  // namespace pghaul::verify
