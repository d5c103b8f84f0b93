// Everything that would make a restore fail, found before anything is changed, and told all at once with the option that solves it.
#pragma once

#include "model/inventory.h"
#include "restore/restore.h"

namespace pghaul::restore {

struct MissingRole {
  std::string name;
  const model::Entry* needed_by = nullptr;
  std::string way;  // what solves it
};
std::vector<MissingRole> missing_roles(pg::Connection& connection, const Options& options, const model::Inventory& inventory);

// --create-roles: without login and attributes; it is the administrator's to say who may come in.
void create_roles(pg::Connection& connection, const std::vector<MissingRole>& roles);

// Whether the target knows the privilege MAINTAIN.
bool has_maintain(const pg::Connection& connection);

// Roles, tablespaces, extensions, languages, access methods, collations and server features that the entries need.
// Throws Error(preflight) that lists them all. Extensions whose version differs are warnings. The connection may lead to any database of
// the target server.
void check_requirements(pg::Connection& connection, const Options& options, const model::Inventory& inventory, Progress& progress);

// Throws Error(preflight) listing what is in the way. A whole database is restored into an empty one (schema public,
// extensions and their members do not count); a part of one may join other things, but not what it would make itself.
void check_room(pg::Connection& connection, const model::Inventory& inventory);

}  // namespace pghaul::restore
