#include "catalog/inventory.h"

#include "base/error.h"
#include "catalog/graph.h"
#include "catalog/kinds.h"
#include "catalog/known.h"

namespace pghaul::catalog {
namespace {

constexpr std::string_view origin_query_15 = R"(
SELECT d.datname, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, d.datlocprovider::pg_catalog.text,
       (EXTRACT(epoch FROM pg_catalog.now()) * 1000000)::pg_catalog.int8,
       pg_catalog.current_setting('server_version'), pg_catalog.current_setting('block_size')
  FROM pg_catalog.pg_database AS d
 WHERE d.datname = pg_catalog.current_database())";

constexpr std::string_view origin_query_13 = R"(
SELECT d.datname, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, '',
       (EXTRACT(epoch FROM pg_catalog.now()) * 1000000)::pg_catalog.int8,
       pg_catalog.current_setting('server_version'), pg_catalog.current_setting('block_size')
  FROM pg_catalog.pg_database AS d
 WHERE d.datname = pg_catalog.current_database())";

// Where a session of this role and database would look for a name without a schema.
std::vector<std::string> read_search_path(pg::Connection& connection) {
  connection.exec("RESET search_path");
  pg::Result result = connection.query("SELECT pg_catalog.current_schemas(false)::pg_catalog.text[]");
  connection.query("SELECT pg_catalog.set_config('search_path', '', false)");
  return result[0].array(0);
}

}  // namespace

model::Origin read_origin(pg::Connection& connection) {
  model::Origin origin;
  origin.server_version = connection.server_version();
  pg::Result result = connection.query(std::string(origin.server_version >= 150000 ? origin_query_15 : origin_query_13));
  if (result.size() != 1) throw Error(Fault::internal, "pg_database does not list the current database");
  pg::Row row = result[0];
  origin.database = row.str(0);
  origin.encoding = row.str(1);
  origin.collate = row.str(2);
  origin.ctype = row.str(3);
  origin.locale_provider = row.str(4);
  origin.snapshot_time_us = row.integer(5);
  origin.server_version_text = row.str(6);
  origin.block_size = static_cast<std::uint32_t>(row.integer(7));
  origin.search_path = read_search_path(connection);
  return origin;
}

namespace {

void read_names(Session& session) {
  session.connection.stream("SELECT oid, nspname FROM pg_catalog.pg_namespace", [&](const pg::Row& row) {
    std::string name = row.str(1);
    if (name.starts_with("pg_") || name == "information_schema") session.system_schemas.insert(row.oid(0));
    session.schemas.emplace(row.oid(0), std::move(name));
  });
  session.connection.stream("SELECT oid, rolname FROM pg_catalog.pg_roles",
                            [&](const pg::Row& row) { session.roles.emplace(row.oid(0), row.str(1)); });
  session.connection.stream("SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'",
                            [&](const pg::Row& row) { session.extension_members.insert({row.oid(0), row.oid(1), 0}); });
}

}  // namespace

model::Inventory read_inventory(pg::Connection& connection, const ReadOptions& options) {
  model::Inventory inventory;
  inventory.origin = read_origin(connection);
  Session session{connection, connection.server_version(), {}, {}, {}, {}, &inventory.warnings, options.foreign_data, options.globals, options.role_passwords};
  read_names(session);
  check_known(session);

  Drafts drafts;
  std::vector<std::size_t> ranks;
  for (const KindReader& kind : kinds()) {
    if (options.progress) options.progress(kind.title);
    if (!options.large_objects && kind.read == kind::read_large_objects) continue;
    with_context([&] { return "reading " + std::string(kind.title); }, [&] { kind.read(session, drafts); });
    ranks.resize(drafts.all.size(), static_cast<std::size_t>(&kind - kinds().data()));
  }
  if (options.progress) options.progress("dependencies");
  Graph graph = read_graph(session, drafts);
  break_cycles(graph, inventory.warnings);
  attach_facets(session, drafts);
  inventory.entries = in_restore_order(graph, ranks);
  return inventory;
}

}  // namespace pghaul::catalog
