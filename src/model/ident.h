// SQL's lexical forms (documentation 4.1): quoted identifiers and string literals. For servers 13 to 18 alike: a word that
// is a keyword in any of them is quoted.
#pragma once

#include <string>
#include <string_view>

namespace pghaul::model {

// orders, "Orders", "we""ird", "select".
std::string quote_ident(std::string_view name);

// schema.name, each part quoted where needed; just the name when schema is empty.
std::string qualified(std::string_view schema, std::string_view name);

// 'it''s'; with a backslash in it: E'a\\b' , right whatever standard_conforming_strings is.
std::string quote_literal(std::string_view text);

}  // namespace pghaul::model
