#include "catalog/inventory.h"

#include <algorithm>
#include <atomic>
#include <iterator>

#include "base/error.h"
#include "base/workers.h"
#include "catalog/graph.h"
#include "catalog/kinds.h"
#include "catalog/known.h"

namespace pghaul::catalog {
namespace {

constexpr std::string_view lock_not_available = "55P03";  // documentation, appendix A

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

// What one kind made.
struct Part {
  Drafts drafts;
  std::vector<std::string> warnings;
};

// Reads all kinds, each by itself: no kind asks for drafts of another. So two sessions can share the list.
class KindsReading {
 public:
  explicit KindsReading(const ReadOptions& options) : options_(options), parts_(kinds().size()) {}

  void read(Session& session) {
    for (std::size_t kind; (kind = next_++) < parts_.size();) {
      if (options_.progress) options_.progress(kinds()[kind].title);
      read(kind, session);
    }
  }

  void read_in_two(Session& session, std::optional<pg::Connection>& second) {
    auto canceller = second->canceller();
    Session beside = session.on(*second);
    std::optional<std::size_t> given_back;
    {
      Workers helper([](std::exception_ptr) {});
      helper.start([&] { given_back = help(beside); });
      try {
        read(session);
      } catch (...) {
        next_ = parts_.size();
        canceller.cancel();
        throw;
      }
      helper.join();
    }
    if (!given_back) return;
    second.reset();
    parts_[*given_back] = {};
    read(*given_back, session);
  }

  // In rank order; ranks gets the rank of each draft's kind.
  Drafts take(std::vector<std::size_t>& ranks, std::vector<std::string>& warnings) {
    Drafts all;
    for (std::size_t kind = 0; kind < parts_.size(); ++kind) {
      all.take(std::move(parts_[kind].drafts));
      ranks.resize(all.size(), kind);
      std::move(parts_[kind].warnings.begin(), parts_[kind].warnings.end(), std::back_inserter(warnings));
    }
    return all;
  }

 private:
  void read(std::size_t number, Session& session) {
    const KindReader& kind = kinds()[number];
    if (!options_.large_objects && kind.read == kind::read_large_objects) return;
    session.warnings = &parts_[number].warnings;
    with_context([&] { return "reading " + std::string(kind.title); }, [&] { kind.read(session, parts_[number].drafts); });
    parts_[number].drafts.settle();
  }

  // The kind that it could not read: someone waits for a table exclusively, and only the session that has it locked already
  // gets any further; or the connection is lost, which the other one need not mind.
  std::optional<std::size_t> help(Session& session) {
    for (std::size_t kind; (kind = next_++) < parts_.size();) {
      try {
        read(kind, session);
      } catch (const Error& error) {
        if (error.sqlstate() != lock_not_available && error.fault() != Fault::connect) throw;
        return kind;
      }
    }
    return std::nullopt;
  }

  const ReadOptions& options_;
  std::atomic<std::size_t> next_ = 0;
  std::vector<Part> parts_;  // by kind; each belongs to the session that took it
};

}  // namespace

model::Inventory read_inventory(pg::Connection& connection, const ReadOptions& options) {
  model::Inventory inventory;
  inventory.origin = read_origin(connection);
  Session session{connection, connection.server_version(), {}, {}, {}, {}, nullptr, options.foreign_data, options.globals, options.role_passwords};
  read_names(session);
  check_known(session);

  KindsReading reading(options);
  if (options.second && *options.second) reading.read_in_two(session, *options.second);
  else reading.read(session);
  std::vector<std::size_t> ranks;
  Drafts drafts = reading.take(ranks, inventory.warnings);
  if (options.progress) options.progress("dependencies");
  Graph graph = read_graph(session, drafts);
  break_cycles(graph, inventory.warnings);
  attach_facets(session, drafts);
  inventory.entries = in_restore_order(std::move(graph), ranks);
  return inventory;
}

}  // namespace pghaul::catalog
