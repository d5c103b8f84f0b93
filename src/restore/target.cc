#include "restore/target.h"

#include <fmt/format.h>

#include "model/ident.h"
#include "restore/statements.h"

namespace pghaul::restore {
namespace {

// Only what pg_settings lists is set: the list is one for all versions. An index build that meets autovacuum on its table waits for
// deadlock_timeout until that is cancelled (documentation: "Routine Vacuuming"); only a superuser may say that it be short.
constexpr std::string_view session_settings = R"(
SELECT pg_catalog.set_config(name, value, false)
  FROM (VALUES ('search_path', ''),
               ('standard_conforming_strings', 'on'),
               ('check_function_bodies', 'off'),
               ('xmloption', 'content'),
               ('datestyle', 'ISO'),
               ('intervalstyle', 'postgres'),
               ('extra_float_digits', '3'),
               ('client_min_messages', 'warning'),
               ('statement_timeout', '0'),
               ('lock_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'),
               ('idle_session_timeout', '0'),
               ('transaction_timeout', '0'),
               ('row_security', 'off'),
               ('default_transaction_read_only', 'off'),
               ('default_tablespace', ''),
               ('default_table_access_method', 'heap'),
               ('jit', 'off'),
               ('deadlock_timeout', '50ms'),
               ('synchronous_commit', 'off')) AS wanted(name, value)
 WHERE name IN (SELECT s.name FROM pg_catalog.pg_settings AS s
                 WHERE s.context = 'user' OR pg_catalog.current_setting('is_superuser') = 'on'))";

const model::Entry* database_entry(const model::Inventory& inventory) {
  for (const model::Entry& entry : inventory.entries)
    if (entry.kind == model::Kind::database) return &entry;
  return nullptr;
}

bool is_missing_database(const Error& error) {
  return error.fault() == Fault::connect && error.message().find("database \"") != std::string::npos &&
         error.message().find("does not exist") != std::string::npos;
}

// The entry's statements name the source's database; each begins with a phrase that ends in that name.
std::string renamed(const std::string& sql, const std::string& from, const std::string& to) {
  const std::string old_phrase = "DATABASE " + model::quote_ident(from);
  std::size_t at = sql.find(old_phrase);
  if (at == std::string::npos) return sql;
  return sql.substr(0, at) + "DATABASE " + model::quote_ident(to) + sql.substr(at + old_phrase.size());
}

// 17 and later know the locale providers by other words than the source may; older ones take what they know.
void create_database(pg::Connection& maintenance, const model::Entry& entry, const std::string& name, const Options& options,
                     Progress& progress) {
  std::string create = renamed(entry.create_sql, entry.name, name);
  if (options.policy.tablespaces && !entry.tablespace.empty()) create += " TABLESPACE = " + model::quote_ident(entry.tablespace);
  maintenance.exec(create);
  model::Entry rest = entry;
  rest.create_sql.clear();
  Defaults defaults;
  std::vector<std::string> statements = creation(rest, options.policy, defaults);
  for (std::string& statement : privileges(entry, options.policy)) statements.push_back(std::move(statement));
  for (const std::string& statement : statements) {
    try {
      maintenance.exec(renamed(statement, entry.name, name));
    } catch (const Error& error) {
      if (!options.keep_going && !statement.starts_with("ALTER DATABASE") && !statement.starts_with("ALTER ROLE")) throw;
      progress.warn(fmt::format("a property of the database was refused: {} ({})", error.message(), renamed(statement, entry.name, name)));
    }
  }
}

}  // namespace

void prepare_session(pg::Connection& connection, const Options& options, const model::Inventory& inventory) {
  connection.exec("SET client_encoding = " + model::quote_literal(inventory.origin.encoding));
  connection.query(std::string(session_settings));
  if (options.row_security) connection.exec("SET row_security = on");
  if (options.disable_triggers) connection.exec("SET session_replication_role = replica");
  if (!options.role.empty()) connection.exec("SET ROLE " + model::quote_ident(options.role));
}

pg::ConnectOptions open_database(const Options& options, const model::Inventory& inventory,
                                 const std::function<void(pg::Connection&)>& check, Progress& progress) {
  pg::ConnectOptions target = options.target;
  if (!options.create) return target;
  const model::Entry* entry = database_entry(inventory);
  if (!entry) throw Error(Fault::preflight, "the archive does not hold the properties of its database, which --create needs");

  std::string name = entry->name;
  std::optional<pg::Connection> maintenance;
  try {
    maintenance.emplace(target);
  } catch (const Error& error) {
    if (!is_missing_database(error)) throw;
    std::size_t from = error.message().rfind("database \"") + 10, to = error.message().rfind("\" does not exist");
    name = error.message().substr(from, to - from);
    pg::ConnectOptions other = target;
    other.database = "postgres";
    maintenance.emplace(other);
  }
  check(*maintenance);
  if (options.clean) maintenance->exec(fmt::format("DROP DATABASE {}{}", options.if_exists ? "IF EXISTS " : "", model::quote_ident(name)));
  progress.phase("creating the database");
  with_context([&] { return "creating database " + printable(name); }, [&] {
    try {
      create_database(*maintenance, *entry, name, options, progress);
    } catch (Error& error) {
      if (error.sqlstate() == "42P04") error.set_hint("drop it first, or restore into it without --create");
      throw;
    }
  });
  target.database = name;
  return target;
}

}  // namespace pghaul::restore
