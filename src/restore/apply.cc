#include "restore/apply.h"

#include <fmt/format.h>

#include <algorithm>

#include "restore/retry.h"

namespace pghaul::restore {
namespace {

constexpr std::size_t batch_bytes = 256 << 10;
constexpr std::size_t batch_entries = 200;  // each may take locks; the server's lock table is finite

std::string joined(const std::vector<std::string>& statements) {
  std::string sql;
  for (const std::string& statement : statements) sql += statement + ";\n";
  return sql;
}

}  // namespace

std::string context_of(const model::Entry& entry) { return fmt::format("restoring {} (entry {})", model::describe(entry), entry.id); }

void Applier::apply_one(const model::Entry& entry) {
  retrying([&] {
    Defaults defaults = defaults_;
    std::vector<std::string> statements = statements_(entry, defaults);
    bool has_facets = std::any_of(statements.begin(), statements.end(), [&](const std::string& statement) { return is_facet(entry, statement); });
    if (refused_ && has_facets && !entry.alone) apply_in_parts(entry, statements);
    else if (!statements.empty()) connection_.exec(joined(statements));
    defaults_ = defaults;
  });
}

void Applier::apply_in_parts(const model::Entry& entry, const std::vector<std::string>& statements) {
  std::vector<std::pair<std::string, Error>> left_out;
  connection_.exec("BEGIN");
  try {
    for (const std::string& statement : statements) {
      if (!is_facet(entry, statement)) {
        connection_.exec(statement);
        continue;
      }
      connection_.exec("SAVEPOINT pghaul_facet");
      try {
        connection_.exec(statement);
      } catch (const Error& error) {
        if (error.fault() != Fault::server || is_passing(error)) throw;
        connection_.exec("ROLLBACK TO SAVEPOINT pghaul_facet");
        left_out.emplace_back(statement, error);
      }
      connection_.exec("RELEASE SAVEPOINT pghaul_facet");
    }
    for (const auto& [statement, error] : left_out) refused_(entry, statement, error);
    connection_.exec("COMMIT");
  } catch (const Error& error) {
    if (error.fault() != Fault::connect) connection_.exec("ROLLBACK");
    throw;
  }
}

void Applier::apply(const std::vector<const model::Entry*>& entries, const std::function<void(const model::Entry&)>& on_done,
                    const std::function<void(const model::Entry&, Error)>& on_failed) {
  std::vector<const model::Entry*> batch;
  std::string sql;
  Defaults defaults = defaults_;
  auto one_by_one = [&] {
    for (const model::Entry* entry : batch) {
      try {
        with_context([&] { return context_of(*entry); }, [&] { apply_one(*entry); });
        on_done(*entry);
      } catch (Error& error) {
        if (error.fault() != Fault::server) throw;
        on_failed(*entry, error);
      }
    }
  };
  auto flush = [&] {
    if (batch.size() <= 1) {
      one_by_one();
    } else {
      bool together = true;
      try {
        if (!sql.empty()) connection_.exec(sql);
        defaults_ = defaults;
      } catch (const Error& error) {
        if (error.fault() != Fault::server) throw;
        together = false;
      }
      if (together) std::for_each(batch.begin(), batch.end(), [&](const auto* entry) { on_done(*entry); });
      else one_by_one();
    }
    batch.clear();
    sql.clear();
    defaults = defaults_;
  };
  for (const model::Entry* entry : entries) {
    if (entry->alone) flush();
    sql += joined(statements_(*entry, defaults));
    batch.push_back(entry);
    if (entry->alone || sql.size() > batch_bytes || batch.size() == batch_entries) flush();
  }
  flush();
}

}  // namespace pghaul::restore
