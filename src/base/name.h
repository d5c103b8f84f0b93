// The name of something that many values belong to (a schema, a role, a tablespace): a pointer to the one string with that
// text, which stays until the process ends. So use it where few different ones meet many values, never for what only one has.
// Thread-safe: the strings are immutable, and the set of them is locked while a new one is made.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace pghaul {

class Name {
 public:
  Name() = default;  // ""
  Name(const std::string& text) : text_(text.empty() ? nullptr : shared(text)) {}
  Name(const char* text) : Name(std::string(text)) {}

  const std::string& str() const;
  operator const std::string&() const { return str(); }
  operator std::string_view() const { return str(); }
  bool empty() const { return text_ == nullptr; }
  void clear() { text_ = nullptr; }

  friend bool operator==(Name a, Name b) { return a.text_ == b.text_; }
  friend bool operator==(Name a, std::string_view b) { return a.str() == b; }
  friend bool operator==(Name a, const std::string& b) { return a.str() == b; }
  friend bool operator==(Name a, const char* b) { return a.str() == b; }
  friend std::strong_ordering operator<=>(Name a, Name b) { return a.str().compare(b.str()) <=> 0; }
  friend std::string operator+(Name a, std::string_view b) { return a.str() + std::string(b); }

 private:
  static const std::string* shared(const std::string& text);

  const std::string* text_ = nullptr;  // nullptr: ""
};

}  // namespace pghaul

template <>
struct fmt::formatter<pghaul::Name> : fmt::formatter<fmt::string_view> {
  auto format(pghaul::Name name, fmt::format_context& context) const { return formatter<fmt::string_view>::format(name.str(), context); }
};
