#include "model/pattern.h"

#include <vector>

#include "base/error.h"

namespace pghaul::model {
namespace {

// Code points; a byte that is no UTF-8 stands for itself.
std::wstring decode(std::string_view text) {
  std::wstring out;
  for (std::size_t i = 0; i < text.size();) {
    auto byte = static_cast<unsigned char>(text[i]);
    std::size_t more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    if (i + more >= text.size()) more = 0;
    wchar_t point = more == 0 ? byte : static_cast<wchar_t>(byte & (0x3F >> more));
    for (std::size_t k = 1; k <= more; ++k) point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    out += point;
    i += more + 1;
  }
  return out;
}

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_special(char c) { return std::string_view("|*+?()[]{}.^$\\").find(c) != std::string_view::npos; }

// The parts between dots that stand outside of quotes.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == '.' && !quoted) parts.emplace_back();
    else parts.back() += c;
  }
  return parts;
}

std::string unquoted(std::string_view part) {
  std::string name;
  bool quoted = false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '"') name += quoted ? part[i] : folded(part[i]);
    else if (quoted && i + 1 < part.size() && part[i + 1] == '"') name += '"', ++i;
    else quoted = !quoted;
  }
  return name;
}

Pattern parse(std::string_view text, std::size_t names) {
  std::vector<std::string> parts = split(text);
  if (parts.size() > names + 1)
    throw Error(Fault::usage, "improper qualified name (too many dotted names): " + printable(text)).hint("put a dot that belongs to a name in double quotes");
  Pattern pattern{std::string(text), std::nullopt, std::nullopt, NameMatcher(parts.back())};
  if (parts.size() == names + 1) pattern.database = unquoted(parts.front());
  if (names == 2 && parts.size() >= 2) pattern.schema.emplace(parts[parts.size() - 2]);
  return pattern;
}

}  // namespace

NameMatcher::NameMatcher(std::string_view glob) {
  std::string expression;
  bool quoted = false, wild = false;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    char c = glob[i];
    bool doubled = i + 1 < glob.size() && glob[i + 1] == '"';
    if (c == '"' && quoted && doubled) expression += c, ++i;
    else if (c == '"') quoted = !quoted;
    else if (c == '$') expression += "\\$";
    else if (c == '[' && i + 1 < glob.size() && glob[i + 1] == ']') expression += "\\[\\]", ++i, wild = true;  // an array type's name
    else if (quoted) expression += is_special(c) ? std::string("\\") + c : std::string(1, c);
    else if (c == '*') expression += ".*", wild = true;
    else if (c == '?') expression += ".", wild = true;
    else expression += folded(c), wild |= is_special(c);
  }
  if (!wild) {
    literal_ = unquoted(glob);
    return;
  }
  try {
    // The pattern's own dot does not match a newline there, and does in PostgreSQL.
    std::wstring points;
    bool escaped = false;
    for (wchar_t c : decode(expression)) {
      if (c == L'.' && !escaped) points += L"[^]";
      else points += c;
      escaped = c == L'\\' && !escaped;
    }
    expression_ = std::make_shared<std::wregex>(points, std::wregex::ECMAScript | std::wregex::optimize);
  } catch (const std::regex_error&) {
    throw Error(Fault::usage, "invalid pattern: " + printable(glob))
        .hint("characters of regular expressions have their meaning in patterns; put them in double quotes to take them literally");
  }
}

bool NameMatcher::matches(std::string_view name) const {
  return literal_ ? *literal_ == name : std::regex_match(decode(name), *expression_);
}

Pattern table_pattern(std::string_view text) { return parse(text, 2); }

Pattern plain_pattern(std::string_view text) { return parse(text, 1); }

}  // namespace pghaul::model
