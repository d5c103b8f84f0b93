// What a kind needs to read itself: the connection, the version, and what is known about the whole database.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "catalog/draft.h"
#include "model/inventory.h"
#include "pg/connection.h"

namespace pghaul::catalog {

// Read before all kinds; then read-only. One a connection.
struct Session {
  pg::Connection& connection;
  int version = 0;  // server_version_num
  // The same on another connection.
  Session on(pg::Connection& other) const {
    return {other, version, extension_members, schemas, system_schemas, roles, warnings, foreign_data, globals, role_passwords};
  }
  bool at_least(int major) const { return version >= major * 10000; }

  // Things that are not dumped as objects of their own:
  std::unordered_set<Address, AddressHash> extension_members;  // objects with a pg_depend row of deptype 'e'
  std::unordered_map<Oid, std::string> schemas;   // every schema's name by OID
  std::unordered_set<Oid> system_schemas;         // pg_catalog, information_schema, pg_toast, pg_temp_*: their objects are not dumped
  std::unordered_map<Oid, std::string> roles;     // name by OID

  std::vector<std::string>* warnings = nullptr;   // of the kind that is being read, for Inventory::warnings
  bool foreign_data = false;                      // the rows of foreign tables are wanted
  bool globals = false, role_passwords = false;   // what belongs to the server is wanted

  // Whether the object is the user's own: not in a system schema, not an extension's member.
  bool is_users(Oid catalog, Oid object, Oid schema) const {
    return !system_schemas.contains(schema) && !extension_members.contains({catalog, object, 0});
  }
  const std::string& schema(Oid oid) const;
  const std::string& role(Oid oid) const;  // "" when the role is gone
};

// Text lists from acl columns, as pg::Row::array gives them, into data. `type` is acldefault()'s object type letter.
// Empty when acl is NULL (the object has the default privileges and they need no statement).
// initial: what the object has right after creation.
std::vector<model::Acl> make_acl(char type, std::string object, std::string owner, const std::vector<std::string>& initial,
                                 bool acl_is_null, const std::vector<std::string>& wanted);

}  // namespace pghaul::catalog
