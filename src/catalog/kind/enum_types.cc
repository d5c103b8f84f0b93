// TYPE ... AS ENUM: its labels in their order.

#include "catalog/kinds.h"
#include "catalog/type_draft.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct EnumType {
  TypeCommon type;
  std::vector<std::string> labels;
};

constexpr std::string_view enum_query = R"(
SELECT t.oid, t.typnamespace, t.typname, t.typowner, t.typarray,
       pg_catalog.acldefault('T', t.typowner)::pg_catalog.text[], t.typacl::pg_catalog.text[],
       ARRAY(SELECT e.enumlabel::pg_catalog.text FROM pg_catalog.pg_enum AS e
              WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
  FROM pg_catalog.pg_type AS t
 WHERE t.typtype = 'e' AND t.oid >= 16384
 ORDER BY t.typnamespace, t.typname)";

EnumType read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {read_type_common(session, f), f.array()};
}

Draft emit(const Session& session, const EnumType& type) {
  Draft draft = start_type(session, model::Kind::enum_type, type.type);
  std::vector<std::string> labels;
  for (const std::string& label : type.labels) labels.push_back(model::quote_literal(label));
  draft.text.push_back(with_clauses("CREATE " + draft.phrase + " AS ENUM", labels));
  return draft;
}

}  // namespace

void read_enum_types(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(enum_query), [&](const pg::Row& row) {
    EnumType type = read(session, row);
    if (is_users_type(session, type.type)) drafts.add(emit(session, type));
  });
}

}  // namespace pghaul::catalog::kind
