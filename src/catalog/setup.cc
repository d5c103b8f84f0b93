// Sessions on the source: the settings that make what is read independent of how the server, the database or the role is set up.

#include <fmt/format.h>

#include "base/error.h"
#include "catalog/inventory.h"
#include "model/ident.h"

namespace pghaul::catalog {
namespace {

constexpr int oldest_major = 13;

// restrict_nonsystem_relation_kind came with the fix of CVE-2024-7348; whether a minor release has it is asked, not assumed.
constexpr std::string_view session_settings = R"(
SELECT pg_catalog.set_config(name, value, false)
  FROM (VALUES ('search_path', ''),
               ('datestyle', 'ISO'),
               ('intervalstyle', 'postgres'),
               ('extra_float_digits', '3'),
               ('bytea_output', 'hex'),
               ('xmloption', 'content'),
               ('quote_all_identifiers', 'off'),
               ('synchronize_seqscans', 'off'),
               ('statement_timeout', '0'),
               ('lock_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'),
               ('idle_session_timeout', '0'),
               ('transaction_timeout', '0'),
               ('row_security', '{}'),
               ('restrict_nonsystem_relation_kind', '{}')) AS wanted(name, value)
 WHERE name IN (SELECT s.name FROM pg_catalog.pg_settings AS s))";

}  // namespace

void prepare_session(pg::Connection& connection, const SessionOptions& options) {
  int version = connection.server_version();
  if (version < oldest_major * 10000)
    throw Error(Fault::preflight, fmt::format("the server runs PostgreSQL {}; pghaul reads {} and later",
                                              printable(connection.parameter("server_version")), oldest_major))
        .hint("upgrade the source to a supported release first");
  connection.query(fmt::format(session_settings, options.row_security ? "on" : "off", options.foreign_data ? "view" : "view, foreign-table"));
}

void prepare_transaction(pg::Connection& connection, const std::string& snapshot, bool deferrable) {
  connection.exec(deferrable && snapshot.empty() ? "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE"
                                                 : "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  if (!snapshot.empty()) connection.exec("SET TRANSACTION SNAPSHOT " + model::quote_literal(snapshot));
}

}  // namespace pghaul::catalog
