// Rows of results, PostgreSQL's text form of arrays (documentation 8.15.6), and COPY's of rows (documentation of COPY, "Text Format").

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

int Row::columns() const { return result_ ? PQnfields(result_) : static_cast<int>(fields_.size()); }

std::optional<std::string_view> Row::field(int column) const {
  if (column < 0 || column >= columns()) throw Error(Fault::internal, "a query has fewer columns than its reader expects");
  if (!result_) {
    std::string_view field = fields_[static_cast<std::size_t>(column)];
    return field.data() ? std::optional(field) : std::nullopt;
  }
  if (PQgetisnull(result_, row_, column)) return std::nullopt;
  return std::string_view(PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column)));
}

bool Row::is_null(int column) const { return !field(column); }

std::string_view Row::text(int column) const { return field(column).value_or(std::string_view()); }

std::optional<std::string> Row::optional(int column) const {
  if (is_null(column)) return std::nullopt;
  return str(column);
}

bool Row::boolean(int column) const { return text(column) == "t"; }

std::int64_t Row::integer(int column) const {
  std::optional<std::string_view> digits = field(column);
  if (!digits) return 0;
  std::int64_t value = 0;
  auto [end, fault] = std::from_chars(digits->data(), digits->data() + digits->size(), value);
  if (fault != std::errc() || end != digits->data() + digits->size())
    throw Error(Fault::internal, "the server gave '" + std::string(*digits) + "' where a number belongs");
  return value;
}

char Row::letter(int column) const {
  std::string_view value = text(column);
  return value.empty() ? '\0' : value.front();
}

std::vector<std::string> Row::array(int column) const { return parse_array(text(column)); }

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

namespace {

// The server writes these as a letter, and a backslash before all else that needs one; never octal or hexadecimal digits.
char unescaped(char letter) {
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return letter;
  }
}

}  // namespace

std::span<const std::string_view> CopyFields::split(ByteView line) {
  fields_.clear();
  unescaped_.clear();
  unescaped_.reserve(line.size());  // so that fields in it stay where they are
  if (line.ends_with('\n')) line.remove_suffix(1);
  for (;;) {
    std::string_view field = line.substr(0, line.find('\t'));
    if (field == "\\N") {
      fields_.emplace_back();
    } else if (field.find('\\') == field.npos) {
      fields_.push_back(field.data() ? field : std::string_view(""));
    } else {
      std::size_t begin = unescaped_.size();
      for (std::size_t at = 0; at < field.size(); ++at) {
        bool escape = field[at] == '\\' && at + 1 < field.size();
        unescaped_ += escape ? unescaped(field[++at]) : field[at];
      }
      fields_.push_back(std::string_view(unescaped_).substr(begin));
    }
    if (field.size() == line.size()) return fields_;
    line.remove_prefix(field.size() + 1);
  }
}

}  // namespace pghaul::pg
