// Rows of results, and PostgreSQL's text form of arrays (documentation 8.15.6).

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/error.h"
#include "pg/connection.h"

namespace pghaul::pg {

Result::Result(Result&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
Result& Result::operator=(Result&& other) noexcept {
  std::swap(result_, other.result_);
  return *this;
}
Result::~Result() { PQclear(result_); }
int Result::size() const { return PQntuples(result_); }
std::int64_t Result::affected() const { return std::strtoll(PQcmdTuples(result_), nullptr, 10); }

int Row::columns() const { return PQnfields(result_); }

bool Row::is_null(int column) const {
  if (column < 0 || column >= columns()) throw Error(Fault::internal, "a query has fewer columns than its reader expects");
  return PQgetisnull(result_, row_, column) != 0;
}

std::string_view Row::text(int column) const {
  if (is_null(column)) return {};
  return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::optional<std::string> Row::optional(int column) const {
  if (is_null(column)) return std::nullopt;
  return str(column);
}

bool Row::boolean(int column) const { return text(column) == "t"; }

std::int64_t Row::integer(int column) const {
  std::string_view digits = text(column);
  if (digits.empty() && is_null(column)) return 0;
  std::int64_t value = 0;
  auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (fault != std::errc() || end != digits.data() + digits.size())
    throw Error(Fault::internal, "the server gave '" + std::string(digits) + "' where a number belongs");
  return value;
}

char Row::letter(int column) const {
  std::string_view value = text(column);
  return value.empty() ? '\0' : value.front();
}

std::vector<std::string> Row::array(int column) const { return parse_array(text(column)); }

int Row::column(std::string_view name) const {
  for (int i = 0; i < columns(); ++i)
    if (name == PQfname(result_, i)) return i;
  throw Error(Fault::internal, "a query lacks the column " + std::string(name));
}

std::vector<std::string> parse_array(std::string_view text) {
  std::vector<std::string> elements;
  if (text.starts_with('[')) text.remove_prefix(std::min(text.find('=') + 1, text.size()));  // bounds: [0:1]={...}
  if (text.empty() || text == "{}") return elements;
  auto broken = [&] { return Error(Fault::internal, "not a one-dimensional array: " + std::string(text)); };
  if (text.front() != '{' || text.back() != '}') throw broken();
  std::size_t at = 1, end = text.size() - 1;
  for (;;) {
    std::string element;
    bool quoted = at < end && text[at] == '"';
    if (quoted) ++at;
    for (;; ++at) {
      if (at >= end) {
        if (quoted) throw broken();
        break;
      }
      char c = text[at];
      if (quoted && c == '"') break;
      if (!quoted && c == ',') break;
      if (!quoted && (c == '{' || c == '}')) throw broken();
      if (c == '\\' && ++at >= end) throw broken();
      element += text[at];
    }
    if (quoted) ++at;
    else if (element == "NULL") element.clear();
    elements.push_back(std::move(element));
    if (at >= end) return elements;
    if (text[at++] != ',') throw broken();
  }
}

}  // namespace pghaul::pg
