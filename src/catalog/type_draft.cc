// See type_draft.h.
#include "catalog/type_draft.h"

#include "model/ident.h"

namespace pghaul::catalog {

TypeCommon read_type_common(const Session& session, Fields& f) {
  return {f.oid(), f.oid(), f.str(), session.role(f.oid()), f.oid(), f.privileges()};
}

bool is_users_type(const Session& session, const TypeCommon& type) {
  return session.is_users(catalog_oid::type, type.oid, type.schema);
}

Draft start_type(const Session& session, model::Kind kind, const TypeCommon& type, std::string_view word) {
  const std::string& schema = session.schema(type.schema);
  std::string name = model::qualified(schema, type.name);
  Draft draft = start_draft(kind, {catalog_oid::type, type.oid}, schema, type.name, std::string(word) + " " + name);
  draft.qualified = name;
  if (type.array) draft.also.push_back({catalog_oid::type, type.array});
  set_owner(draft, type.owner);
  set_privileges(draft, 'T', "TYPE " + name, type.owner, type.privileges);
  return draft;
}

Draft start_shell(const Session& session, const TypeCommon& type) {
  const std::string& schema = session.schema(type.schema);
  Draft draft = start_draft(model::Kind::shell_type, {}, schema, type.name, "");
  draft.entry->drop_sql.clear();
  draft.text.push_back("CREATE TYPE " + model::qualified(schema, type.name));
  draft.needs.push_back({catalog_oid::namespace_, type.schema});
  return draft;
}

}  // namespace pghaul::catalog
