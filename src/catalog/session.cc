// See session.h: names by OID, and access privileges from the catalog's text into data.
#include "catalog/session.h"

#include <algorithm>

#include "base/error.h"
#include "catalog/drafting.h"

namespace pghaul::catalog {

const std::string& Session::schema(Oid oid) const {
  auto found = schemas.find(oid);
  if (found == schemas.end()) throw Error(Fault::internal, "an object is in schema " + std::to_string(oid) + ", which does not exist");
  return found->second;
}

const std::string& Session::role(Oid oid) const {
  static const std::string none;
  auto found = roles.find(oid);
  return found == roles.end() ? none : found->second;
}

std::vector<model::Acl> make_acl(char type, std::string object, std::string owner, const std::vector<std::string>& initial,
                                 bool acl_is_null, const std::vector<std::string>& wanted) {
  if (acl_is_null) return {};
  // Only servers from 17 on have a letter for MAINTAIN, and there the owner of a table has it from the start.
  bool before_17 = std::none_of(initial.begin(), initial.end(), [](const std::string& item) {
    return model::parse_acl_item(item).privileges.find('m') != std::string::npos;
  });
  model::Acl acl;
  acl.object = std::move(object);
  acl.all = all_privileges(type);
  acl.owner = std::move(owner);
  acl.initial = acl_items(type, acl.owner, initial, before_17);
  acl.wanted = acl_items(type, acl.owner, wanted, before_17);
  // Equal but for their order is equal: a grant that was taken back and given again leaves nothing to do.
  if (acl.initial.size() == acl.wanted.size() && std::is_permutation(acl.initial.begin(), acl.initial.end(), acl.wanted.begin()))
    return {};
  return {std::move(acl)};
}

}  // namespace pghaul::catalog
