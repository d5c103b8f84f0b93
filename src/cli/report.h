// What a command says at its end: a summary for people, or one JSON object (--json).
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"
#include "format/stream.h"
#include "model/inventory.h"

namespace pghaul::cli {

// Elapsed time and where the words go. to_stderr: standard output carries an archive.
class Reporter {
 public:
  explicit Reporter(const Run& run, bool to_stderr = false);

  // One line of the summary; nothing with --quiet or --json. The first one ends the progress line.
  void line(const std::string& text) const;
  // A titled line, "  objects   ...", broken at commas where it would pass 80 columns.
  void list(const std::string& title, const std::string& words) const;
  // The final JSON object, with "command" and "seconds" added; nothing without --json.
  void json(boost::json::object object) const;
  bool wants_json() const { return json_; }
  std::string elapsed() const;

 private:
  const Run& run_;
  bool json_, quiet_, to_stderr_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// "12 tables, 3 views, 30 indexes": in the order of the inventory's kinds; what carries rows or facets only is left out.
std::vector<std::pair<std::string, std::size_t>> objects_by_kind(const model::Inventory& inventory);
std::string in_words(const std::vector<std::pair<std::string, std::size_t>>& counts);

boost::json::object totals_json(const model::Inventory& inventory, const format::Totals& totals);
boost::json::object error_json(const Error& error);

// "public.orders" of a data entry.
std::string table_name(const model::Entry& entry);

}  // namespace pghaul::cli
