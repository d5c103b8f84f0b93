#include "restore/script.h"

#include <fmt/format.h>

#include "base/error.h"
#include "model/ident.h"
#include "restore/statements.h"

namespace pghaul::restore {

std::string script(const model::Inventory& inventory, const Policy& policy) {
  std::string sql = fmt::format(
      "-- Schema of database {}, PostgreSQL {}. It was written by a server that you may not control: read it before you run it.\n"
      "SET client_encoding = {};\nSET standard_conforming_strings = on;\nSET check_function_bodies = off;\nSET xmloption = content;\n"
      "SET client_min_messages = warning;\nSET row_security = off;\nSELECT pg_catalog.set_config('search_path', '', false);\n",
      printable(inventory.origin.database), printable(inventory.origin.server_version_text), model::quote_literal(inventory.origin.encoding));
  Defaults defaults;
  auto print = [&](const model::Entry& entry, const std::vector<std::string>& statements) {
    if (statements.empty()) return;
    sql += fmt::format("\n-- {} (entry {})\n", model::describe(entry), entry.id);
    for (const std::string& statement : statements) sql += statement + ";\n";
  };
  auto is_printed = [](const model::Entry& entry) { return entry.kind != model::Kind::database && !entry.data; };
  for (const model::Entry& entry : inventory.entries)
    if (is_printed(entry) && !entry.late) print(entry, creation(entry, policy, defaults));
  for (const model::Entry& entry : inventory.entries)
    if (is_printed(entry)) print(entry, privileges(entry, policy));
  for (const model::Entry& entry : inventory.entries)
    if (is_printed(entry) && entry.late) print(entry, creation(entry, policy, defaults));
  return sql;
}

}  // namespace pghaul::restore
