// Which rows are read by which task, and in which COPY form. A pure value, made from the inventory alone: it can be printed
// and tested without a server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/inventory.h"

namespace pghaul::dump {

enum class FormatChoice { automatic, text, binary };

// One COPY: a whole relation, or a range of its heap pages.
struct Task {
  model::EntryId relation = 0;
  std::uint64_t first_page = 0;
  std::optional<std::uint64_t> end_page;  // exclusive; none: to the end, however far that is by now
  bool whole = true;
  std::uint64_t bytes = 0;                // estimate
};

struct Plan {
  std::vector<Task> tasks;                // in the order in which they are begun: the relation with the longest
                                          // way ahead first (its rows, its indexes, what waits for those), its ranges in order
  std::uint64_t bytes = 0;                // estimate of all
};

// Which relations are cut, and into what. Short ranges: readers take them in turn, so the rows arrive nearly in the order of the
// source, and what was in order there (correlation, BRIN, the sort of a serial key) nearly is on the target.
struct Cutting {
  std::uint64_t from_bytes = std::uint64_t{128} << 20;
  std::uint64_t range_bytes = std::uint64_t{16} << 20;
};

// Relations larger than cutting.from_bytes are cut by pages where the server can scan a range of them (DataSpec::can_split); the
// estimate counts TOAST, so a short heap with long values is cut too. Relations without pages still get their task.
Plan make_plan(const model::Inventory& inventory, unsigned jobs, const Cutting& cutting);

// The COPY statement of a task.
std::string copy_statement(const model::DataSpec& data, const Task& task, model::CopyFormat format);

// What the plan's tables will be copied in. binary: Error(preflight) when a table's types do not allow it.
void choose_formats(model::Inventory& inventory, FormatChoice choice);

}  // namespace pghaul::dump
