// TYPE: base types, made in three steps: the shell type, the input and output functions that take and return it, then the
// type itself (documentation, CREATE TYPE). And shell types that were never completed.

#include "catalog/kinds.h"
#include "catalog/type_draft.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct BaseType {
  TypeCommon type;
  bool defined;
  std::int64_t length;  // bytes; -1: varlena, -2: a C string
  bool by_value, preferred, collatable;
  char category, alignment, storage;
  std::string delimiter;
  std::optional<std::string> default_text;
  std::string element;  // format_type text; empty: none
  std::vector<std::string> functions;  // regproc text, as function_clauses names them
};

constexpr std::string_view function_clauses[] = {"INPUT",       "OUTPUT",       "RECEIVE", "SEND",
                                                 "TYPMOD_IN", "TYPMOD_OUT", "ANALYZE", "SUBSCRIPT"};

// Array types belong to their element types.
constexpr std::string_view base_type_query_14 = R"(
SELECT t.oid, t.typnamespace, t.typname, t.typowner, t.typarray,
       pg_catalog.acldefault('T', t.typowner)::pg_catalog.text[], t.typacl::pg_catalog.text[],
       t.typisdefined, t.typlen, t.typbyval, t.typispreferred, t.typcollation <> 0,
       t.typcategory, t.typalign, t.typstorage, t.typdelim, t.typdefault,
       CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END,
       ARRAY[t.typinput::pg_catalog.text, t.typoutput::pg_catalog.text, t.typreceive::pg_catalog.text,
             t.typsend::pg_catalog.text, t.typmodin::pg_catalog.text, t.typmodout::pg_catalog.text,
             t.typanalyze::pg_catalog.text, t.typsubscript::pg_catalog.text]
  FROM pg_catalog.pg_type AS t
       LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem
 WHERE (t.typtype = 'b' OR NOT t.typisdefined) AND e.typarray IS DISTINCT FROM t.oid AND t.oid >= 16384
 ORDER BY t.typnamespace, t.typname)";

// Subscript functions came with 14; until then all fixed-length types with elements had what is now this function.
constexpr std::string_view base_type_query_13 = R"(
SELECT t.oid, t.typnamespace, t.typname, t.typowner, t.typarray,
       pg_catalog.acldefault('T', t.typowner)::pg_catalog.text[], t.typacl::pg_catalog.text[],
       t.typisdefined, t.typlen, t.typbyval, t.typispreferred, t.typcollation <> 0,
       t.typcategory, t.typalign, t.typstorage, t.typdelim, t.typdefault,
       CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END,
       ARRAY[t.typinput::pg_catalog.text, t.typoutput::pg_catalog.text, t.typreceive::pg_catalog.text,
             t.typsend::pg_catalog.text, t.typmodin::pg_catalog.text, t.typmodout::pg_catalog.text,
             t.typanalyze::pg_catalog.text,
             CASE WHEN t.typelem <> 0 AND t.typlen > 0 THEN 'raw_array_subscript_handler' ELSE '-' END]
  FROM pg_catalog.pg_type AS t
       LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem
 WHERE (t.typtype = 'b' OR NOT t.typisdefined) AND e.typarray IS DISTINCT FROM t.oid AND t.oid >= 16384
 ORDER BY t.typnamespace, t.typname)";

BaseType read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {read_type_common(session, f), f.boolean(), f.integer(), f.boolean(), f.boolean(),  f.boolean(), f.letter(),
          f.letter(),                   f.letter(),  f.str(),     f.optional(), f.str(), f.array()};
}

std::string_view alignment_name(char letter) {
  return letter == 'c' ? "char" : letter == 's' ? "int2" : letter == 'd' ? "double" : "int4";
}

std::string_view storage_name(char letter) {
  return letter == 'e' ? "external" : letter == 'x' ? "extended" : letter == 'm' ? "main" : "plain";
}

std::vector<std::string> clauses_of(const BaseType& type) {
  std::vector<std::string> clauses;
  auto add = [&](std::string_view key, std::string_view value) { clauses.push_back(std::string(key) + " = " + std::string(value)); };
  add("INTERNALLENGTH", type.length == -1 ? "VARIABLE" : std::to_string(type.length));
  for (std::size_t i = 0; i < std::size(function_clauses); ++i)
    if (names_something(type.functions[i])) add(function_clauses[i], type.functions[i]);
  add("ALIGNMENT", alignment_name(type.alignment));
  add("STORAGE", storage_name(type.storage));
  if (type.by_value) clauses.push_back("PASSEDBYVALUE");
  if (type.category != 'U') add("CATEGORY", model::quote_literal(std::string(1, type.category)));
  if (type.preferred) add("PREFERRED", "true");
  if (type.default_text) add("DEFAULT", model::quote_literal(*type.default_text));
  if (!type.element.empty()) add("ELEMENT", type.element);
  if (type.delimiter != ",") add("DELIMITER", model::quote_literal(type.delimiter));
  if (type.collatable) add("COLLATABLE", "true");
  return clauses;
}

Draft emit(const Session& session, const BaseType& type) {
  Draft draft = start_type(session, model::Kind::base_type, type.type);
  draft.text.push_back(with_clauses("CREATE " + draft.phrase, clauses_of(type)));
  return draft;
}

}  // namespace

void read_base_types(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(session.at_least(14) ? base_type_query_14 : base_type_query_13), [&](const pg::Row& row) {
    BaseType type = read(session, row);
    if (!is_users_type(session, type.type)) return;
    if (type.defined) {
      Draft draft = emit(session, type);
      draft.after.push_back(drafts.add(start_shell(session, type.type)));
      draft.entry->drop_sql += " CASCADE";  // its functions and the type need each other
      drafts.add(std::move(draft));
    } else {
      Draft shell = start_type(session, model::Kind::shell_type, type.type);
      shell.text.push_back("CREATE " + shell.phrase);
      drafts.add(std::move(shell));
    }
  });
}

}  // namespace pghaul::catalog::kind
