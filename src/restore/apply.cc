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
    std::string sql = joined(statements_(entry, defaults));
    if (!sql.empty()) connection_.exec(sql);
    defaults_ = defaults;
  });
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
