// TYPE ... AS RANGE, which brings its multirange type, the arrays of both, and their constructor functions. A canonical
// function takes and returns the range type, so such a type begins as a shell type.

#include <algorithm>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "catalog/type_draft.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct RangeType {
  TypeCommon type;
  std::string subtype;
  std::string opclass_schema, opclass;  // empty: the subtype's default one
  std::string collation;                // regcollation text; empty: the subtype's own
  std::string canonical, difference;    // regproc text
  Oid multirange = 0, multirange_array = 0;
  std::string multirange_schema, multirange_name;
};

constexpr std::string_view range_query_14 = R"(
SELECT t.oid, t.typnamespace, t.typname, t.typowner, t.typarray,
       pg_catalog.acldefault('T', t.typowner)::pg_catalog.text[], t.typacl::pg_catalog.text[],
       pg_catalog.format_type(r.rngsubtype, NULL), ocn.nspname, oc.opcname,
       CASE WHEN r.rngcollation <> st.typcollation THEN r.rngcollation::pg_catalog.regcollation::pg_catalog.text END,
       r.rngcanonical::pg_catalog.regproc, r.rngsubdiff::pg_catalog.regproc,
       m.oid, m.typarray, mn.nspname, m.typname
  FROM pg_catalog.pg_type AS t
       JOIN pg_catalog.pg_range AS r ON r.rngtypid = t.oid
       JOIN pg_catalog.pg_type AS st ON st.oid = r.rngsubtype
       JOIN pg_catalog.pg_type AS m ON m.oid = r.rngmultitypid
       JOIN pg_catalog.pg_namespace AS mn ON mn.oid = m.typnamespace
       LEFT JOIN pg_catalog.pg_opclass AS oc ON oc.oid = r.rngsubopc AND NOT (oc.opcdefault AND oc.opcintype = r.rngsubtype)
       LEFT JOIN pg_catalog.pg_namespace AS ocn ON ocn.oid = oc.opcnamespace
 WHERE t.typtype = 'r' AND t.oid >= 16384
 ORDER BY t.typnamespace, t.typname)";

// Multirange types came with 14.
constexpr std::string_view range_query_13 = R"(
SELECT t.oid, t.typnamespace, t.typname, t.typowner, t.typarray,
       pg_catalog.acldefault('T', t.typowner)::pg_catalog.text[], t.typacl::pg_catalog.text[],
       pg_catalog.format_type(r.rngsubtype, NULL), ocn.nspname, oc.opcname,
       CASE WHEN r.rngcollation <> st.typcollation THEN r.rngcollation::pg_catalog.regcollation::pg_catalog.text END,
       r.rngcanonical::pg_catalog.regproc, r.rngsubdiff::pg_catalog.regproc,
       0, 0, NULL, NULL
  FROM pg_catalog.pg_type AS t
       JOIN pg_catalog.pg_range AS r ON r.rngtypid = t.oid
       JOIN pg_catalog.pg_type AS st ON st.oid = r.rngsubtype
       LEFT JOIN pg_catalog.pg_opclass AS oc ON oc.oid = r.rngsubopc AND NOT (oc.opcdefault AND oc.opcintype = r.rngsubtype)
       LEFT JOIN pg_catalog.pg_namespace AS ocn ON ocn.oid = oc.opcnamespace
 WHERE t.typtype = 'r' AND t.oid >= 16384
 ORDER BY t.typnamespace, t.typname)";

RangeType read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {read_type_common(session, f), f.str(), f.str(), f.str(), f.str(), f.str(), f.str(), f.oid(), f.oid(), f.str(), f.str()};
}

// What the server calls the multirange type if it is not told (makeMultirangeTypeName), in the range type's own schema.
std::string usual_multirange_name(const std::string& range) {
  constexpr std::size_t longest_name = 63;
  std::size_t at = range.find("range");
  std::string name = at == std::string::npos ? range.substr(0, longest_name - 11) + "_multirange" : range.substr(0, at) + "multi" + range.substr(at);
  std::size_t length = std::min(name.size(), longest_name);
  while (length < name.size() && length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0u) == 0x80u) --length;
  return name.substr(0, length);
}

Draft emit(const Session& session, const RangeType& type) {
  Draft draft = start_type(session, model::Kind::range_type, type.type);
  for (Oid oid : {type.multirange, type.multirange_array})
    if (oid) draft.also.push_back({catalog_oid::type, oid});
  std::vector<std::string> clauses{"SUBTYPE = " + type.subtype};
  bool usual = type.multirange_schema == draft.entry->schema && type.multirange_name == usual_multirange_name(draft.entry->name);
  if (!type.multirange_name.empty() && !usual) {
    clauses.push_back("MULTIRANGE_TYPE_NAME = " + model::qualified(type.multirange_schema, type.multirange_name));
    require_version(*draft.entry, 14, "MULTIRANGE_TYPE_NAME of " + draft.phrase);
  }
  if (!type.opclass.empty()) clauses.push_back("SUBTYPE_OPCLASS = " + model::qualified(type.opclass_schema, type.opclass));
  if (!type.collation.empty()) clauses.push_back("COLLATION = " + type.collation);
  if (names_something(type.canonical)) clauses.push_back("CANONICAL = " + type.canonical);
  if (names_something(type.difference)) clauses.push_back("SUBTYPE_DIFF = " + type.difference);
  draft.text.push_back(with_clauses("CREATE " + draft.phrase + " AS RANGE", clauses));
  return draft;
}

}  // namespace

void read_range_types(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(session.at_least(14) ? range_query_14 : range_query_13), [&](const pg::Row& row) {
    RangeType type = read(session, row);
    if (!is_users_type(session, type.type)) return;
    Draft draft = emit(session, type);
    if (names_something(type.canonical)) {
      draft.after.push_back(drafts.add(start_shell(session, type.type)));
      draft.entry->drop_sql += " CASCADE";  // the function and the type need each other
    }
    drafts.add(std::move(draft));
  });
}

}  // namespace pghaul::catalog::kind
