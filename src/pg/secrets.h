// Passwords in texts that hold connection strings: command lines, statements, libpq's complaints. Knows both forms that libpq
// takes (keywords and URI), malformed ones too, and the options of SQL's user mappings.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pghaul::pg {

// Where passwords stand in a text: [begin, end), in order, not overlapping.
std::vector<std::pair<std::size_t, std::size_t>> secret_ranges(std::string_view text);

// The text with "***" in their place.
std::string without_secrets(std::string_view text);

}  // namespace pghaul::pg
