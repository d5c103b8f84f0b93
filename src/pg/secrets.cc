#include "pg/secrets.h"

#include <algorithm>
#include <cctype>

namespace pghaul::pg {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// The end of a quoted value that begins at `at`; a backslash or a doubled quote does not end it.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') ++at;
    else if (text[at] == '\'' && at + 1 < text.size() && text[at + 1] == '\'') ++at;
    else if (text[at] == '\'') return at;
  }
  return text.size();
}

// "password=x", "password = 'x y'", "?sslpassword=x&", "password 'x'": the range of x behind a word that ends at `at`.
std::pair<std::size_t, std::size_t> value_behind(std::string_view text, std::size_t at) {
  std::size_t from = at;
  while (from < text.size() && is_space(text[from])) ++from;
  bool equals = from < text.size() && text[from] == '=';
  if (equals) ++from;
  while (from < text.size() && is_space(text[from])) ++from;
  if (from < text.size() && text[from] == '\'') return {from + 1, end_of_quoted(text, from)};
  if (!equals) return {at, at};
  std::size_t end = from;
  while (end < text.size() && !is_space(text[end]) && text[end] != '&' && text[end] != '\'') end += text[end] == '\\' ? 2 : 1;
  return {from, std::min(end, text.size())};
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> secret_ranges(std::string_view text) {
  std::vector<std::pair<std::size_t, std::size_t>> ranges;
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (std::size_t at = 0; (at = lower.find("password", at)) != npos;) {
    at += std::string_view("password").size();
    auto range = value_behind(text, at);
    if (range.first < range.second) ranges.push_back(range), at = range.second;
  }
  // scheme://user:x@host: up to the last @ before the path, since a password may hold an unescaped one.
  for (std::size_t at = 0; (at = text.find("://", at)) != npos;) {
    at += 3;
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end]) && text[end] != '/' && text[end] != '?' && text[end] != '\'') ++end;
    std::size_t user_ends = text.substr(at, end - at).rfind('@'), colon = text.find(':', at);
    if (user_ends != npos && colon < at + user_ends && colon + 1 < at + user_ends) ranges.emplace_back(colon + 1, at + user_ends);
  }
  std::sort(ranges.begin(), ranges.end());
  std::size_t kept_to = 0;
  std::erase_if(ranges, [&](const auto& range) {
    if (range.first < kept_to) return true;
    kept_to = range.second;
    return false;
  });
  return ranges;
}

std::string without_secrets(std::string_view text) {
  std::string out;
  std::size_t from = 0;
  for (const auto& [begin, end] : secret_ranges(text)) {
    out.append(text.substr(from, begin - from)).append("***");
    from = end;
  }
  return out.append(text.substr(from));
}

}  // namespace pghaul::pg
