// Patterns for names as psql and pg_dump take them (documentation, psql, "Patterns"): * and ?, case folding, "quotes" that switch
// both off, schema.name and database.schema.name, and regular-expression characters such as [0-9] with their meaning.
#pragma once

#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

namespace pghaul::model {

// One name of a pattern.
class NameMatcher {
 public:
  // glob: the part of a pattern between dots, as the user wrote it. Error(usage) when it makes no regular expression.
  explicit NameMatcher(std::string_view glob);
  bool matches(std::string_view name) const;
  // The one name that it matches, when it has no wildcard.
  const std::optional<std::string>& literal() const { return literal_; }

 private:
  std::optional<std::string> literal_;
  std::shared_ptr<const std::wregex> expression_;  // over code points; shared: a Selection is copied
};

struct Pattern {
  std::string text;                      // as the user wrote it
  std::optional<std::string> database;   // taken literally
  std::optional<NameMatcher> schema;     // none: not told
  NameMatcher name;
  bool operator==(const Pattern& other) const { return text == other.text; }
};

// "schema.name": of tables.
Pattern table_pattern(std::string_view text);
// A name outside schemas: of schemas, extensions, servers. Error(usage) when it has too many dots.
Pattern plain_pattern(std::string_view text);

}  // namespace pghaul::model
