#include "restore/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/existence.h"
#include "model/ident.h"
#include "restore/presence.h"

namespace pghaul::restore {
namespace {

using What = model::Requirement::What;
using Names = std::set<std::string>;

Names names(pg::Connection& connection, const std::string& sql) {
  Names found;
  connection.stream(sql, [&](const pg::Row& row) { found.insert(row.str(0)); });
  return found;
}

// What is missing, where it is needed, what to do.
struct Findings {
  std::map<std::string, std::string> missing;  // "role alice" -> the first entry that needs it
  Names ways;                                  // what solves it

  void add(const std::string& thing, const model::Entry& entry, const std::string& way) {
    missing.emplace(thing, model::describe(entry));
    ways.insert(way);
  }
};

bool is_reserved(const std::string& role) { return role.starts_with("pg_"); }

// Roles that something needs and the target lacks, each with the first entry that needs it and what would help.
void check_roles(pg::Connection& connection, const Options& options, const model::Inventory& inventory, Findings& findings) {
  for (const MissingRole& role : missing_roles(connection, options, inventory))
    if (!options.create_roles || is_reserved(role.name)) findings.add("role " + printable(model::quote_ident(role.name)), *role.needed_by, role.way);
}

// A collation is tried out, in a transaction that is rolled back: nothing else tells for sure what a server's libraries know.
bool can_collate(pg::Connection& connection, const model::Requirement& requirement) {
  std::string_view provider = requirement.detail == "i" ? "icu" : requirement.detail == "b" ? "builtin" : "libc";
  connection.exec("BEGIN");
  bool can = true;
  try {
    connection.exec(fmt::format("CREATE COLLATION pg_temp.pghaul_probe (provider = {}, locale = {})", provider, model::quote_literal(requirement.name)));
  } catch (const Error& error) {
    if (error.fault() != Fault::server) throw;
    can = error.sqlstate() == "42501";  // no right to make a temporary schema says nothing about the locale
  }
  connection.exec("ROLLBACK");
  return can;
}

class RequirementChecker {
 public:
  // `failing` gets what makes its entries fail by themselves, and them alone.
  RequirementChecker(pg::Connection& connection, const Options& options, Findings& findings, Findings& failing, Progress& progress)
      : connection_(connection), options_(options), findings_(findings), failing_(failing), progress_(progress) {
    tablespaces_ = names(connection, "SELECT spcname FROM pg_catalog.pg_tablespace");
    languages_ = names(connection, "SELECT lanname FROM pg_catalog.pg_language");
    if (options.create) languages_.insert("plpgsql");  // whatever this database has: template0 has it
    access_methods_ = names(connection, "SELECT amname FROM pg_catalog.pg_am");
    compressions_ = names(connection, "SELECT pg_catalog.unnest(s.enumvals) FROM pg_catalog.pg_settings AS s WHERE s.name = 'default_toast_compression'");
    connection.stream("SELECT name, default_version FROM pg_catalog.pg_available_extensions",
                      [&](const pg::Row& row) { extensions_.emplace(row.str(0), row.str(1)); });
  }

  // Languages and access methods that the archive itself creates, directly.
  void will_be_there(const model::Entry& entry) {
    if (entry.kind == model::Kind::language && !entry.create_sql.empty()) languages_.insert(entry.name);
    if (entry.kind == model::Kind::access_method) access_methods_.insert(entry.name);
    if (entry.kind == model::Kind::extension) languages_.insert(entry.name);  // plperl, plpython3u...: named as their language
  }

  void check(const model::Entry& entry) {
    if (options_.policy.tablespaces && !entry.tablespace.empty() && !tablespaces_.contains(entry.tablespace))
      findings_.add("tablespace " + printable(entry.tablespace), entry, "create the tablespace on the target, or restore with --no-tablespaces");
    if (options_.policy.table_access_method && !entry.access_method.empty() && !access_methods_.contains(entry.access_method))
      findings_.add("access method " + printable(entry.access_method), entry,
                   "install the access method on the target, or restore with --no-table-access-method");
    for (const model::Requirement& requirement : entry.requires_on_target) check(entry, requirement);
    if (options_.policy.privileges)
      for (const model::Acl& acl : entry.acls) check_maintain(entry, acl);
    for (const model::Extra& extra : entry.extras)
      if (extra.policy == model::Extra::Policy::compression && options_.policy.toast_compression) check_compression(entry, extra.sql);
  }

 private:
  void check(const model::Entry& entry, const model::Requirement& requirement) {
    const std::string shown = printable(requirement.name);
    int major = connection_.server_version() / 10000;
    switch (requirement.what) {
      case What::role: break;  // check_roles
      case What::tablespace:
        if (options_.policy.tablespaces && !tablespaces_.contains(requirement.name))
          findings_.add("tablespace " + shown, entry, "create the tablespace on the target, or restore with --no-tablespaces");
        break;
      case What::extension: check_extension(entry, requirement); break;
      case What::language:
        if (!languages_.contains(requirement.name))
          failing_.add("language " + shown, entry, "make the missing language in the target with CREATE EXTENSION, or with what it comes with");
        break;
      case What::access_method:
        if (!access_methods_.contains(requirement.name))
          failing_.add("access method " + shown, entry, "install the extension that provides it on the target's machine");
        break;
      case What::collation:
        if (!can_collate(connection_, requirement))
          failing_.add("locale " + shown, entry, "install the locale on the target's machine");
        break;
      case What::object: break;  // check_objects
      case What::server_version:
        if ((requirement.min_version && major < requirement.min_version) || (requirement.max_version && major > requirement.max_version))
          failing_.add(fmt::format("feature '{}' (PostgreSQL {}; the target runs {})", shown,
                                   requirement.min_version ? fmt::format("{} and later", requirement.min_version)
                                                           : fmt::format("up to {}", requirement.max_version), major),
                       entry, "restore into a server that has the feature, or change the source");
        break;
    }
  }

  // Owners can do by ownership what it allows.
  void check_maintain(const model::Entry& entry, const model::Acl& acl) {
    if (has_maintain(connection_) || acl.all.find('m') == std::string::npos) return;
    for (const model::AclItem& item : acl.wanted)
      if (item.grantee != acl.owner && item.privileges.find('m') != std::string::npos)
        failing_.add("privilege MAINTAIN (17 and later)", entry, "restore with --no-privileges, or let --keep-going leave it out");
  }

  // ALTER TABLE ... SET COMPRESSION lz4: a server can be built without that method.
  void check_compression(const model::Entry& entry, const std::string& sql) {
    std::string method = sql.substr(sql.rfind(' ') + 1);
    if (method != "default" && !compressions_.contains(method))
      failing_.add("compression method " + printable(method), entry, "restore with --no-toast-compression");
  }

  void check_extension(const model::Entry& entry, const model::Requirement& requirement) {
    auto found = extensions_.find(requirement.name);
    if (found == extensions_.end())
      failing_.add("extension " + printable(requirement.name), entry, "install the extension's files on the target's machine, or leave it out with --exclude-extension");
    else if (!requirement.detail.empty() && found->second != requirement.detail)
      progress_.warn(fmt::format("extension {} was version {} on the source; the target installs its own default, {}",
                                 printable(requirement.name), printable(requirement.detail), printable(found->second)));
  }

  pg::Connection& connection_;
  const Options& options_;
  Findings& findings_;
  Findings& failing_;
  Progress& progress_;
  Names tablespaces_, languages_, access_methods_, compressions_;
  std::map<std::string, std::string> extensions_;
};

// What a selection left out. With --keep-going the entries that need it fail by themselves.
void check_objects(pg::Connection& connection, const Options& options, const model::Inventory& inventory, Findings& findings, Progress& progress) {
  std::vector<model::Requirement> all;
  for (const model::Entry& entry : inventory.entries)
    for (const model::Requirement& requirement : entry.requires_on_target)
      if (requirement.what == What::object) all.push_back(requirement);
  Presence there;
  if (!options.create) there = present(connection, all);
  for (const model::Entry& entry : inventory.entries)
    for (const model::Requirement& requirement : entry.requires_on_target) {
      if (requirement.what != What::object || there.contains({requirement.detail, requirement.name})) continue;
      std::string thing = requirement.detail + " " + printable(requirement.name);
      if (options.keep_going) progress.warn(fmt::format("the target has no {}, which {} needs", thing, model::describe(entry)));
      else findings.add(thing, entry, "--with-dependencies takes along what a selection needs; --keep-going restores what can be without it");
    }
}

// Kinds of objects that a restore could collide with. Members of extensions are not the user's.
constexpr std::string_view occupant_query = R"(
WITH system AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema'),
     member AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e')
SELECT what, n.nspname, o.name
  FROM (SELECT CASE relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'TABLE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                            WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TYPE' END AS what,
               'pg_catalog.pg_class'::pg_catalog.regclass AS catalog, oid, relnamespace AS schema, relname AS name
          FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
        UNION ALL
        SELECT 'FUNCTION', 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace, proname FROM pg_catalog.pg_proc
        UNION ALL
        SELECT 'TYPE', 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typnamespace, typname FROM pg_catalog.pg_type
         WHERE typtype IN ('e', 'd', 'r') OR typtype = 'b' AND typelem = 0
        UNION ALL
        SELECT 'OPERATOR', 'pg_catalog.pg_operator'::pg_catalog.regclass, oid, oprnamespace, oprname FROM pg_catalog.pg_operator
        UNION ALL
        SELECT 'COLLATION', 'pg_catalog.pg_collation'::pg_catalog.regclass, oid, collnamespace, collname FROM pg_catalog.pg_collation
        UNION ALL
        SELECT 'TEXT SEARCH CONFIGURATION', 'pg_catalog.pg_ts_config'::pg_catalog.regclass, oid, cfgnamespace, cfgname FROM pg_catalog.pg_ts_config
        UNION ALL
        SELECT 'SCHEMA', 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid, 0, nspname FROM pg_catalog.pg_namespace
         WHERE nspname <> 'public' AND oid NOT IN (SELECT oid FROM system)
        UNION ALL
        SELECT 'SERVER', 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, oid, 0, srvname FROM pg_catalog.pg_foreign_server
        UNION ALL
        SELECT 'EVENT TRIGGER', 'pg_catalog.pg_event_trigger'::pg_catalog.regclass, oid, 0, evtname FROM pg_catalog.pg_event_trigger
        UNION ALL
        SELECT 'PUBLICATION', 'pg_catalog.pg_publication'::pg_catalog.regclass, oid, 0, pubname FROM pg_catalog.pg_publication
        UNION ALL
        SELECT 'LARGE OBJECT', 'pg_catalog.pg_largeobject'::pg_catalog.regclass, oid, 0, oid::pg_catalog.text FROM pg_catalog.pg_largeobject_metadata
       ) AS o
       LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = o.schema
 WHERE o.schema NOT IN (SELECT oid FROM system)
   AND NOT EXISTS (SELECT 1 FROM member AS m WHERE m.classid = o.catalog AND m.objid = o.oid)
 ORDER BY 1, 2, 3)";

}  // namespace

std::vector<MissingRole> missing_roles(pg::Connection& connection, const Options& options, const model::Inventory& inventory) {
  Names present = names(connection, "SELECT rolname FROM pg_catalog.pg_roles");
  for (const model::Entry& entry : inventory.entries)
    if (entry.kind == model::Kind::role) present.insert(entry.name);  // made before all else
  std::vector<MissingRole> missing;
  auto need = [&](const std::string& role, const model::Entry& entry, const std::string& way) {
    if (!role.empty() && present.insert(role).second) missing.push_back({role, &entry, way});
  };
  const std::string create = "create the missing roles on the target, or let --create-roles do it, or put others in their place with --map-role";
  for (const model::Entry& entry : inventory.entries) {
    if (entry.kind == model::Kind::database && !options.create) continue;
    if (options.policy.owner && !entry.owner_objects.empty()) need(entry.owner, entry, create + ", or restore with --no-owner");
    if (options.policy.privileges)
      for (const model::Acl& acl : entry.acls)
        for (const auto* items : {&acl.initial, &acl.wanted})
          for (const model::AclItem& item : *items) {
            if (items == &acl.initial && item.grantee == acl.owner) continue;
            need(item.grantee, entry, create + ", or restore with --no-privileges");
            if (item.grantor != acl.owner) need(item.grantor, entry, create + ", or restore with --no-privileges");
          }
    for (const model::Requirement& requirement : entry.requires_on_target)
      if (requirement.what == What::role && (options.policy.privileges || entry.kind != model::Kind::default_acl))
        need(requirement.name, entry, create);
  }
  return missing;
}

bool has_maintain(const pg::Connection& connection) { return connection.server_version() >= 170000; }

void create_roles(pg::Connection& connection, const std::vector<MissingRole>& roles) {
  for (const MissingRole& role : roles)
    if (!is_reserved(role.name)) connection.exec("CREATE ROLE " + model::quote_ident(role.name) + " NOLOGIN");
}

void check_requirements(pg::Connection& connection, const Options& options, const model::Inventory& inventory, Progress& progress) {
  constexpr int oldest_major = 13;
  if (connection.server_version() < oldest_major * 10000)
    throw Error(Fault::preflight, fmt::format("the target runs PostgreSQL {}; pghaul restores into {} and later",
                                              printable(connection.parameter("server_version")), oldest_major))
        .hint("restore into a supported release");
  Findings findings;
  check_roles(connection, options, inventory, findings);
  check_objects(connection, options, inventory, findings, progress);
  Findings failing;  // with --keep-going: reported, and left to fail
  RequirementChecker checker(connection, options, findings, options.keep_going ? failing : findings, progress);
  for (const model::Entry& entry : inventory.entries) checker.will_be_there(entry);
  for (const model::Entry& entry : inventory.entries)
    if (entry.kind != model::Kind::database || options.create) checker.check(entry);
  for (const auto& [thing, entry] : failing.missing) progress.warn(fmt::format("the target has no {}, which {} needs", thing, entry));
  if (findings.missing.empty()) return;

  constexpr std::size_t shown_at_most = 50;
  std::string list;
  std::size_t shown = 0;
  for (const auto& [thing, entry] : findings.missing) {
    if (shown++ == shown_at_most) break;
    list += fmt::format("\n  {} (needed by {})", thing, entry);
  }
  if (findings.missing.size() > shown_at_most) list += fmt::format("\n  and {} more", findings.missing.size() - shown_at_most);
  std::string ways;
  for (const std::string& way : findings.ways) ways += (ways.empty() ? "" : "; ") + way;
  throw Error(Fault::preflight, "the target lacks what the archive needs; nothing was changed:" + list).hint(std::move(ways));
}

namespace {

void check_absent(pg::Connection& connection, const model::Inventory& inventory) {
  constexpr std::size_t shown_at_most = 20;
  std::vector<std::pair<const model::Entry*, model::Requirement>> made;
  std::vector<model::Requirement> all;
  for (const model::Entry& entry : inventory.entries) {
    if (entry.create_sql.empty() || entry.data) continue;
    if (auto existence = model::existence(inventory, entry)) all.push_back(*existence), made.emplace_back(&entry, *existence);
  }
  Presence there = present(connection, all);
  std::string list;
  std::size_t count = 0;
  for (const auto& [entry, existence] : made) {
    // An extension that is there stays as it is: CREATE EXTENSION IF NOT EXISTS.
    if (!there.contains({existence.detail, existence.name}) || entry->create_sql.starts_with("CREATE EXTENSION IF NOT EXISTS")) continue;
    if (++count <= shown_at_most) list += "\n  " + model::describe(*entry);
  }
  if (count == 0) return;
  if (count > shown_at_most) list += fmt::format("\n  and {} more", count - shown_at_most);
  throw Error(Fault::preflight, "the target has some of what is to be restored; nothing was changed. In the way:" + list)
      .hint("--clean drops them first; --data-only loads rows into them; -T, -N or an edited list (-l, -L) leave them out");
}

void check_empty(pg::Connection& connection) {
  constexpr std::size_t shown_at_most = 20;
  std::string list;
  std::size_t count = 0;
  connection.stream(std::string(occupant_query), [&](const pg::Row& row) {
    if (++count <= shown_at_most) list += fmt::format("\n  {} {}", row.text(0), printable(model::qualified(row.text(1), row.text(2))));
  });
  if (count == 0) return;
  if (count > shown_at_most) list += fmt::format("\n  and {} more", count - shown_at_most);
  throw Error(Fault::preflight, fmt::format("the target database is not empty; nothing was changed. In the way:{}", list))
      .hint("restore into a new database (--create makes one), or drop what is in the way");
}

}  // namespace

void check_room(pg::Connection& connection, const model::Inventory& inventory) {
  bool creates = std::any_of(inventory.entries.begin(), inventory.entries.end(), [](const model::Entry& entry) {
    return entry.section == model::Section::pre_data && entry.kind != model::Kind::database;
  });
  if (creates && !inventory.origin.partial) check_empty(connection);
  else check_absent(connection, inventory);
}

}  // namespace pghaul::restore
