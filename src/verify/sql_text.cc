// When two create texts are the same SQL although their bytes differ. Works on tokens (documentation 4.1), knows no grammar.

#include <algorithm>
#include <cctype>
#include <vector>

#include "verify/compare.h"

namespace pghaul::verify {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// Length of the quoted thing that text begins with: 'it''s', "we""ird". backslash: E'..' form.
std::size_t quoted_size(std::string_view text, bool backslash) {
  char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (backslash && text[at] == '\\') ++at;
    else if (text[at] == quote && text.substr(at + 1, 1) == text.substr(0, 1)) ++at;
    else if (text[at] == quote) return at + 1;
  }
  return text.size();
}

// Length of $tag$ ... $tag$; 0 when text begins with none.
std::size_t dollar_size(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && text[end] != '$' && is_word(text[end])) ++end;
  if (end >= text.size() || text[end] != '$') return 0;
  if (end > 1 && std::isdigit(static_cast<unsigned char>(text[1]))) return 0;  // a parameter: $1
  std::string_view tag = text.substr(0, end + 1);
  std::size_t close = text.find(tag, end + 1);
  return close == std::string_view::npos ? text.size() : close + tag.size();
}

std::size_t token_size(std::string_view text) {
  char first = text.front();
  if ((first == 'E' || first == 'e') && text.substr(1, 1) == "'") return 1 + quoted_size(text.substr(1), true);
  if (first == '\'' || first == '"') return quoted_size(text, false);
  if (first == '$')
    if (std::size_t size = dollar_size(text)) return size;
  if (text.starts_with("::")) return 2;
  if (!is_word(first)) return 1;
  std::size_t size = 1;
  while (size < text.size() && is_word(text[size])) ++size;
  return size;
}

std::vector<std::string_view> tokens(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    std::size_t size = 1;
    if (!is_space(text.front())) {
      size = token_size(text);
      all.push_back(text.substr(0, size));
    }
    text.remove_prefix(size);
  }
  return all;
}

using Tokens = std::vector<std::string_view>;

// FROM XMLTABLE(...) without an alias is called "xmltable".
bool is_unnamed_function(std::string_view token, std::string_view name) {
  return token == "XMLTABLE" && name == "\"xmltable\"";
}

// Whether `name` is what FROM or an alias after it calls a relation: FROM public.t, FROM public.t x.
bool names_a_relation(const Tokens& text, std::string_view name) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != "FROM" && text[i] != "JOIN") continue;
    std::size_t at = i + 1;
    while (at < text.size() && (text[at] == "ONLY" || text[at] == "(")) ++at;
    while (at + 2 < text.size() && text[at + 1] == ".") at += 2;
    if (at < text.size() && (text[at] == name || is_unnamed_function(text[at], name))) return true;
    if (at + 1 < text.size() && text[at + 1] == name) return true;
  }
  return false;
}

// older[i] is the qualifier of a column that the newer text has bare. A function, a type or a relation with a schema before it
// is another thing than without.
bool is_column_qualifier(const Tokens& older, std::size_t i) {
  if (i + 2 >= older.size() || older[i + 1] != ".") return false;
  if (i > 0 && (older[i - 1] == "." || older[i - 1] == "::" || older[i - 1] == "FROM" || older[i - 1] == "JOIN")) return false;
  if (i + 3 < older.size() && (older[i + 3] == "(" || older[i + 3] == ".")) return false;
  return names_a_relation(older, older[i]);
}

// UPDATE t AS alias, DELETE FROM t AS alias in rules: later servers print no AS there.
bool is_noise_of_older(const Tokens& older, std::size_t i) {
  if (older[i] != "AS") return false;
  std::size_t at = i;
  while (at >= 3 && older[at - 2] == ".") at -= 2;  // to the relation's first name
  return at >= 2 && (older[at - 2] == "UPDATE" || older[at - 2] == "FROM" || older[at - 2] == "ONLY");
}

// Before 16, a view's rules carried two hidden relations more, so a view over one relation was printed with every column
// qualified. Newer servers qualify only where there is more than one relation: there a bare column has one meaning.
bool same_but_for_qualifiers(const Tokens& older, const Tokens& newer) {
  std::size_t i = 0, j = 0;
  while (i < older.size() && j < newer.size()) {
    if (older[i] == newer[j] && !(i + 1 < older.size() && older[i + 1] == "." && (j + 1 >= newer.size() || newer[j + 1] != "."))) {
      ++i, ++j;
      continue;
    }
    if (is_noise_of_older(older, i)) {
      ++i;
      continue;
    }
    if (newer[j] == "NO" && j + 1 < newer.size() && newer[j + 1] == "INDENT") {  // what XMLSERIALIZE did before it could be told
      j += 2;
      continue;
    }
    if (!is_column_qualifier(older, i) || older[i + 2] != newer[j]) return false;
    i += 3, ++j;
  }
  return i == older.size() && j == newer.size();
}

// What a server of a later major chooses by itself for an object that an earlier one made: the older server's text cannot say
// it, and the newer one's always does.
struct Chosen {
  int since;  // server_version_num
  std::string_view option, value;  // of `option = value,`; value "": any qualified name
};
constexpr Chosen chosen_by_server[] = {
    {140000, "MULTIRANGE_TYPE_NAME", ""},                  // range types got their multirange types
    {140000, "SUBSCRIPT", "raw_array_subscript_handler"},  // what ELEMENT alone meant before
};

// Before 18, NOT NULL takes a name and forgets it.
bool is_name_of_not_null(const Tokens& text, std::size_t i, int other_version) {
  return other_version < 180000 && i + 3 < text.size() && text[i] == "CONSTRAINT" && text[i + 2] == "NOT" && text[i + 3] == "NULL";
}

Tokens without_chosen(const Tokens& text, int other_version) {
  Tokens kept;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_name_of_not_null(text, i, other_version)) {
      ++i;
      continue;
    }
    auto is_chosen = [&](const Chosen& chosen) {
      return other_version < chosen.since && text[i] == chosen.option && i + 2 < text.size() && text[i + 1] == "=" &&
             (chosen.value.empty() || text[i + 2] == chosen.value);
    };
    if (std::none_of(std::begin(chosen_by_server), std::end(chosen_by_server), is_chosen)) {
      kept.push_back(text[i]);
      continue;
    }
    i += 2;
    while (i + 2 < text.size() && text[i + 1] == ".") i += 2;
    if (i + 1 < text.size() && text[i + 1] == ",") ++i;
    else if (!kept.empty() && kept.back() == ",") kept.pop_back();
  }
  return kept;
}

}  // namespace

bool same_sql(std::string_view expected, int expected_version, std::string_view found, int found_version) {
  if (expected == found) return true;
  Tokens a = tokens(expected), b = tokens(found);
  if (a == b) return true;
  a = without_chosen(a, found_version), b = without_chosen(b, expected_version);
  if (a == b) return true;
  constexpr int bare_columns = 160000;
  if (expected_version < bare_columns && found_version >= bare_columns) return same_but_for_qualifiers(a, b);
  if (found_version < bare_columns && expected_version >= bare_columns) return same_but_for_qualifiers(b, a);
  return false;
}

}  // namespace pghaul::verify
