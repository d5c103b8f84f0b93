// Servers for tests that need one: ./test starts them and says where in PGHAUL_TEST_PG<major> (CONNINFO of a superuser).
// Without that variable such a test is skipped, by name. Each test makes its own databases and drops them.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "model/ident.h"
#include "pg/connection.h"

// At the start of a test's body.
#define PGHAUL_NEEDS_SERVER(major) \
  if (!::pghaul::test::server(major)) GTEST_SKIP() << "PGHAUL_TEST_PG" << (major) << " is not set"

namespace pghaul::test {

inline std::optional<std::string> server(int major) {
  const char* info = std::getenv(fmt::format("PGHAUL_TEST_PG{}", major).c_str());
  return info && *info ? std::optional<std::string>(info) : std::nullopt;
}

inline pg::ConnectOptions maintenance(int major) {
  pg::ConnectOptions options;
  options.info = server(major).value();
  return options;
}

// A new, empty database on a server, dropped at the end.
class Database {
 public:
  // with: what follows CREATE DATABASE's WITH: "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
  explicit Database(int major, const std::string& with = "TEMPLATE template0") : major_(major) {
    static std::atomic<int> count{0};
    name_ = fmt::format("pghaul_test_{}_{}", getpid(), ++count);
    pg::Connection(maintenance(major)).exec(fmt::format("CREATE DATABASE {} WITH {}", name_, with));
  }
  Database(const Database&) = delete;
  ~Database() {
    try {
      drop_subscriptions();
      pg::Connection(maintenance(major_)).exec(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "cannot drop %s: %s\n", name_.c_str(), error.what());
    }
  }

  int major() const { return major_; }
  const std::string& name() const { return name_; }
  pg::ConnectOptions options() const {
    pg::ConnectOptions options = maintenance(major_);
    options.database = name_;
    return options;
  }
  pg::Connection connect() const { return pg::Connection(options()); }
  void run(const std::string& sql) const { connect().exec(sql); }
  std::string scalar(const std::string& sql) const { return connect().scalar(sql); }
  // As a program's -d takes it.
  std::string conninfo() const { return server(major_).value() + " dbname=" + name_; }

 private:
  // A database with one cannot be dropped; without its slot it needs no publisher to be dropped.
  void drop_subscriptions() const {
    pg::Connection connection = connect();
    std::string sql;
    connection.stream("SELECT s.subname FROM pg_catalog.pg_subscription AS s JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid "
                      "WHERE d.datname = pg_catalog.current_database()",
                      [&](const pg::Row& row) {
                        std::string name = model::quote_ident(row.text(0));
                        sql += fmt::format("ALTER SUBSCRIPTION {0} DISABLE; ALTER SUBSCRIPTION {0} SET (slot_name = NONE); "
                                           "DROP SUBSCRIPTION {0};", name);
                      });
    if (!sql.empty()) connection.exec(sql);
  }

  int major_;
  std::string name_;
};

// Roles belong to a whole server, and tests run side by side: whoever makes or drops some holds this.
class RoleLock {
 public:
  explicit RoleLock(int major) : connection_(maintenance(major)) { connection_.exec("SELECT pg_catalog.pg_advisory_lock(7061)"); }

 private:
  pg::Connection connection_;
};

// Makes the roles of one server exist on another one, memberships included.
inline void copy_roles(int from, int to) {
  if (from == to) return;
  RoleLock lock(to);
  pg::Connection source(maintenance(from)), target(maintenance(to));
  source.stream("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_'", [&](const pg::Row& row) {
    std::string role = row.str(0);
    if (target.query("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = " + model::quote_literal(role)).empty())
      target.exec("CREATE ROLE " + model::quote_ident(role));
  });
  source.stream("SELECT g.rolname, m.rolname FROM pg_catalog.pg_auth_members AS a JOIN pg_catalog.pg_roles AS g ON g.oid = a.roleid "
                "JOIN pg_catalog.pg_roles AS m ON m.oid = a.member WHERE m.rolname !~ '^pg_'",
                [&](const pg::Row& row) {
                  target.exec("SET client_min_messages = error");
                  target.exec(fmt::format("GRANT {} TO {}", model::quote_ident(row.text(0)), model::quote_ident(row.text(1))));
                });
}

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

// What PostgreSQL's own pg_dump says about a schema, without the lines that name versions and one-time keys. nullopt when
// PGHAUL_TEST_PEERS (a directory with pg_dump 17 in it) is not set.
inline std::optional<std::string> peer_schema(const Database& database, const std::string& options = "") {
  const char* peers = std::getenv("PGHAUL_TEST_PEERS");
  if (!peers || !*peers) return std::nullopt;
  std::string command = fmt::format("'{}/pg_dump' --schema-only {} -d '{}' 2>&1", peers, options, database.conninfo());
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  if (!pipe) throw std::runtime_error("cannot run pg_dump");
  std::string text;
  std::array<char, 65536> piece{};
  while (std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe.get())) text.append(piece.data(), got);
  if (int status = pclose(pipe.release()); status != 0) throw std::runtime_error("pg_dump failed: " + text);
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("-- Dumped ") && !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")) kept += line + '\n';
  return kept;
}

}  // namespace pghaul::test
