// Access privileges as data, and the GRANT and REVOKE statements that lead from one state to another.
// Facts: documentation 5.8 (privileges, their letters), aclitem's text form, and acldefault().
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pghaul::model {

// One grantee's privileges from one grantor: `grantee=privileges/grantor` of an aclitem.
struct AclItem {
  std::string grantee;     // unquoted role; empty: PUBLIC
  std::string privileges;  // letters as in aclitem, without the stars: "arw"
  std::string grantable;   // those of the letters that carry a star (WITH GRANT OPTION)
  std::string grantor;     // unquoted role
  bool operator==(const AclItem&) const = default;
};

// The privileges of one object, or of one column of it.
struct Acl {
  std::string object;   // what stands after ON in GRANT: "TABLE public.orders", "SCHEMA app", "LARGE OBJECT 16401, 16402"
  std::string column;   // quoted column name, for column privileges; empty: the object itself
  std::string all;      // the letters that ALL stands for with this object type: "arwdDxt"; decides when ALL is printed
  std::string owner;    // unquoted: the owner, whose grants need no SET SESSION AUTHORIZATION
  std::vector<AclItem> initial;  // what the object has right after it is created (acldefault or the initial privileges)
  std::vector<AclItem> wanted;   // what it has on the source
};

// Parses the text form of an aclitem: "reader=r*w/owner", names in double quotes where they need it.
// Throws Error(internal) when it is none.
AclItem parse_acl_item(std::string_view text);

// SELECT for 'r' and so on; empty for an unknown letter.
std::string_view privilege_name(char letter);

using RoleMap = std::function<std::string(const std::string&)>;

// The statements (no semicolons) that turn `initial` into `wanted`; empty when they are equal. Grants by roles other
// than the owner are wrapped in SET SESSION AUTHORIZATION ... / RESET SESSION AUTHORIZATION.
// map_role gives the target's name of a role; it is not called for PUBLIC.
std::vector<std::string> acl_statements(const Acl& acl, const RoleMap& map_role);

}  // namespace pghaul::model
