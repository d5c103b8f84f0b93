// What all kinds of types have in common: the first columns of their queries, their addresses, owner and privileges.
#pragma once

#include <string>
#include <string_view>

#include "catalog/drafting.h"

namespace pghaul::catalog {

struct TypeCommon {
  Oid oid, schema;
  std::string name, owner;
  Oid array;  // the type of its arrays; 0: none
  Privileges privileges;
};

// Takes the columns that the query of every kind of type begins with:
//   t.oid, t.typnamespace, t.typname, t.typowner, t.typarray, acldefault('T', t.typowner)::text[], t.typacl::text[]
TypeCommon read_type_common(const Session& session, Fields& fields);

bool is_users_type(const Session& session, const TypeCommon& type);

// word: TYPE or DOMAIN. Owner, privileges and the array type's address are set.
Draft start_type(const Session& session, model::Kind kind, const TypeCommon& type, std::string_view word = "TYPE");

// The shell type that a type begins as, for the functions that it is made of. It has no address: who depends on the type
// comes after the type itself, but for those functions (break_cycles). The type sets the owner and drops both.
Draft start_shell(const Session& session, const TypeCommon& type);

}  // namespace pghaul::catalog
