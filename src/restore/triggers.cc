#include "restore/triggers.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "model/ident.h"

namespace pghaul::restore {
namespace {

constexpr std::string_view trigger_query = R"(
SELECT n.nspname, c.relname, g.tgname, g.tgenabled
  FROM pg_catalog.pg_trigger AS g
       JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
       JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE g.tgenabled IN ('R', 'A') AND NOT g.tgisinternal
 ORDER BY 1, 2, 3)";

}  // namespace

SilentTriggers::SilentTriggers(pg::Connection& connection, const model::Inventory& inventory) : connection_(connection) {
  std::vector<std::string> off;
  connection.stream(std::string(trigger_query), [&](const pg::Row& row) {
    std::string table = model::qualified(row.text(0), row.text(1)), trigger = model::quote_ident(row.text(2));
    auto is_loaded = [&](const model::Entry& entry) { return entry.data && entry.data->relation == table; };
    if (std::none_of(inventory.entries.begin(), inventory.entries.end(), is_loaded)) return;
    off.push_back(fmt::format("ALTER TABLE ONLY {} DISABLE TRIGGER {}", table, trigger));
    put_back_.push_back(fmt::format("ALTER TABLE ONLY {} ENABLE {} TRIGGER {}", table, row.letter(3) == 'R' ? "REPLICA" : "ALWAYS", trigger));
  });
  for (const std::string& statement : off) connection.exec(statement);
}

SilentTriggers::~SilentTriggers() {
  try {
    put_back();
  } catch (...) {
  }
}

void SilentTriggers::put_back() {
  std::vector<std::string> statements = std::exchange(put_back_, {});
  for (const std::string& statement : statements) connection_.exec(statement);
}

}  // namespace pghaul::restore
