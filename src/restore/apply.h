// Runs entries' statements on one connection: several entries at a time in one round trip and one transaction, one by one when
// that fails, so that an error names the entry it belongs to.
#pragma once

#include <functional>
#include <vector>

#include "model/entry.h"
#include "pg/connection.h"
#include "restore/restore.h"
#include "restore/statements.h"

namespace pghaul::restore {

class Applier {
 public:
  using Statements = std::function<std::vector<std::string>(const model::Entry&, Defaults&)>;

  using Refused = std::function<void(const model::Entry&, const std::string& statement, const Error&)>;

  // statements makes what is run for an entry; it is called again for the single tries. Where refused is given, a single
  // try leaves out those of the entry's facets that the server does not take; refused is called for each, and may throw.
  Applier(pg::Connection& connection, Statements statements, Refused refused = {})
      : connection_(connection), statements_(std::move(statements)), refused_(std::move(refused)) {}

  // All entries in order. on_done is called for each that is in place, on_failed for each that is not; on_failed may throw.
  void apply(const std::vector<const model::Entry*>& entries, const std::function<void(const model::Entry&)>& on_done,
             const std::function<void(const model::Entry&, Error)>& on_failed);

 private:
  void apply_one(const model::Entry& entry);
  void apply_in_parts(const model::Entry& entry, const std::vector<std::string>& statements);

  pg::Connection& connection_;
  Statements statements_;
  Refused refused_;
  Defaults defaults_;
};

// "restoring INDEX public.orders_idx (entry 812)"
std::string context_of(const model::Entry& entry);

}  // namespace pghaul::restore
