// TYPE ... AS (...): free-standing composite types. Row types of tables and views belong to those.

#include "catalog/kinds.h"
#include "catalog/type_draft.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct CompositeType {
  TypeCommon type;
  Oid relation;
  std::vector<std::string> names, types;
  std::vector<std::string> collations;  // regcollation text; empty: that of the column's type
};

constexpr std::string_view composite_query = R"(
SELECT t.oid, t.typnamespace, t.typname, t.typowner, t.typarray,
       pg_catalog.acldefault('T', t.typowner)::pg_catalog.text[], t.typacl::pg_catalog.text[],
       t.typrelid, a.names, a.types, a.collations
  FROM pg_catalog.pg_type AS t
       JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid AND c.relkind = 'c'
       CROSS JOIN LATERAL
       (SELECT pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY a.attnum) AS names,
               pg_catalog.array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types,
               pg_catalog.array_agg(CASE WHEN a.attcollation <> at.typcollation
                                         THEN a.attcollation::pg_catalog.regcollation::pg_catalog.text END
                                    ORDER BY a.attnum) AS collations
          FROM pg_catalog.pg_attribute AS a
               JOIN pg_catalog.pg_type AS at ON at.oid = a.atttypid
         WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS a
 WHERE t.typtype = 'c' AND t.oid >= 16384
 ORDER BY t.typnamespace, t.typname)";

CompositeType read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {read_type_common(session, f), f.oid(), f.array(), f.array(), f.array()};
}

Draft emit(const Session& session, const CompositeType& type) {
  Draft draft = start_type(session, model::Kind::composite_type, type.type);
  draft.also.push_back({catalog_oid::relation, type.relation});  // comments and dependencies of its columns are recorded there
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < type.names.size(); ++i) {
    std::string column = model::quote_ident(type.names[i]) + " " + type.types[i];
    if (!type.collations[i].empty()) column += " COLLATE " + type.collations[i];
    columns.push_back(std::move(column));
  }
  draft.text.push_back(with_clauses("CREATE " + draft.phrase + " AS", columns));
  return draft;
}

}  // namespace

void read_composite_types(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(composite_query), [&](const pg::Row& row) {
    CompositeType type = read(session, row);
    if (is_users_type(session, type.type)) drafts.add(emit(session, type));
  });
}

}  // namespace pghaul::catalog::kind
