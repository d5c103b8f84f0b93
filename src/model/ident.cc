// Quoting, as the lexer of PostgreSQL 13 to 18 needs it. The word list is what those servers answer to
//   SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'
// (documentation, appendix C): everything that is not an unreserved keyword in at least one of them.
#include "model/ident.h"

#include <algorithm>
#include <iterator>

namespace pghaul::model {
namespace {

constexpr std::string_view keywords[] = {
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between", "bigint",
    "binary", "bit", "boolean", "both", "case", "cast", "char", "character", "check", "coalesce", "collate",
    "collation", "column", "concurrently", "constraint", "create", "cross", "current_catalog", "current_date",
    "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "dec", "decimal", "default",
    "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists", "extract", "false", "fetch", "float",
    "for", "foreign", "freeze", "from", "full", "grant", "greatest", "group", "grouping", "having", "ilike", "in",
    "initially", "inner", "inout", "int", "integer", "intersect", "interval", "into", "is", "isnull", "join", "json",
    "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg", "json_query", "json_scalar",
    "json_serialize", "json_table", "json_value", "lateral", "leading", "least", "left", "like", "limit", "localtime",
    "localtimestamp", "merge_action", "national", "natural", "nchar", "none", "normalize", "not", "notnull", "null",
    "nullif", "numeric", "offset", "on", "only", "or", "order", "out", "outer", "overlaps", "overlay", "placing",
    "position", "precision", "primary", "real", "references", "returning", "right", "row", "select", "session_user",
    "setof", "similar", "smallint", "some", "substring", "symmetric", "system_user", "table", "tablesample", "then",
    "time", "timestamp", "to", "trailing", "treat", "trim", "true", "union", "unique", "user", "using", "values",
    "varchar", "variadic", "verbose", "when", "where", "window", "with", "xmlattributes", "xmlconcat", "xmlelement",
    "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable",
};
static_assert(std::is_sorted(std::begin(keywords), std::end(keywords)));

bool is_keyword(std::string_view word) { return std::binary_search(std::begin(keywords), std::end(keywords), word); }

// Lower-case ASCII only: the folding of other letters differs between servers, so they are quoted.
bool is_plain(std::string_view name) {
  auto starts = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  auto goes_on = [&](char c) { return starts(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && starts(name.front()) && std::all_of(name.begin(), name.end(), goes_on);
}

// The text between two quotes, with every quote inside it doubled.
std::string wrapped(std::string_view text, char quote) {
  std::string result(1, quote);
  for (char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result += quote;
}

}  // namespace

std::string quote_ident(std::string_view name) {
  return is_plain(name) && !is_keyword(name) ? std::string(name) : wrapped(name, '"');
}

std::string qualified(std::string_view schema, std::string_view name) {
  return schema.empty() ? quote_ident(name) : quote_ident(schema) + "." + quote_ident(name);
}

std::string quote_literal(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return wrapped(text, '\'');
  std::string doubled;
  for (char c : text) {
    if (c == '\\') doubled += c;
    doubled += c;
  }
  return "E" + wrapped(doubled, '\'');
}

}  // namespace pghaul::model
