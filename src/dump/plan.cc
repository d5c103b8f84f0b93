#include "dump/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace pghaul::dump {
namespace {

std::uint64_t estimated_bytes(const model::DataSpec& data, std::uint32_t block_size) {
  return std::max<std::uint64_t>(data.bytes, data.pages * block_size);
}

// By entry: the work of it and of the costliest chain of others that a restore can only begin after it. Entries come after what
// they depend on, so one pass from the end finds all.
std::vector<std::uint64_t> ways_ahead(const model::Inventory& inventory) {
  std::vector<std::uint64_t> ways(inventory.entries.size());
  for (std::size_t at = ways.size(); at-- > 0;) {
    const model::Entry& entry = inventory.entries[at];
    if (!entry.data && (entry.section != model::Section::post_data || entry.late)) continue;
    ways[at] += entry.data ? estimated_bytes(*entry.data, inventory.origin.block_size) : entry.size;
    for (model::EntryId earlier : entry.depends_on) ways[earlier - 1] = std::max(ways[earlier - 1], ways[at]);
  }
  return ways;
}

// Ranges of about range_bytes each, at least one a job; the last one is open-ended, since the table may have grown.
void cut(const model::Entry& entry, std::uint64_t bytes, unsigned jobs, std::uint64_t range_bytes, std::vector<Task>& tasks) {
  const model::DataSpec& data = *entry.data;
  std::uint64_t pieces = std::max<std::uint64_t>(bytes / range_bytes, jobs);
  pieces = std::clamp<std::uint64_t>(pieces, 1, data.pages);
  for (std::uint64_t piece = 0; piece < pieces; ++piece) {
    Task task{entry.id, data.pages * piece / pieces, data.pages * (piece + 1) / pieces, false, bytes / pieces};
    if (piece + 1 == pieces) task.end_page.reset();
    tasks.push_back(task);
  }
}

}  // namespace

Plan make_plan(const model::Inventory& inventory, unsigned jobs, const Cutting& cutting) {
  struct Candidate {
    const model::Entry* entry;
    std::uint64_t bytes, way_ahead;
  };
  const std::vector<std::uint64_t> ways = ways_ahead(inventory);
  std::vector<Candidate> candidates;
  for (const model::Entry& entry : inventory.entries)
    if (entry.data) candidates.push_back({&entry, estimated_bytes(*entry.data, inventory.origin.block_size), ways[entry.id - 1]});
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) { return a.way_ahead > b.way_ahead; });

  Plan plan;
  for (const auto& [entry, bytes, way_ahead] : candidates) {
    plan.bytes += bytes;
    if (jobs > 1 && entry->data->can_split && bytes > cutting.from_bytes && entry->data->pages > 1) cut(*entry, bytes, jobs, cutting.range_bytes, plan.tasks);
    else plan.tasks.push_back({entry->id, 0, std::nullopt, true, bytes});
  }
  return plan;
}

std::string copy_statement(const model::DataSpec& data, const Task& task, model::CopyFormat format) {
  std::string source = data.source;
  if (!task.whole) {
    // TID range scans (14 and later) read just these pages.
    std::string condition = fmt::format("ctid >= '({},0)'::pg_catalog.tid", task.first_page);
    if (!data.condition.empty()) condition = data.condition + " AND " + condition;
    if (task.end_page) condition += fmt::format(" AND ctid < '({},0)'::pg_catalog.tid", *task.end_page);
    source = fmt::format("(SELECT {} FROM ONLY {} WHERE {})", data.column_list, data.relation, condition);
  }
  return fmt::format("COPY {} TO STDOUT{}", source, format == model::CopyFormat::binary ? " (FORMAT binary)" : "");
}

void choose_formats(model::Inventory& inventory, FormatChoice choice) {
  for (model::Entry& entry : inventory.entries) {
    if (!entry.data || entry.data->load != model::DataSpec::Load::copy) continue;
    if (choice == FormatChoice::binary && !entry.data->binary_allowed)
      throw Error(Fault::preflight, model::describe(entry) + " has columns whose binary form is not portable between servers")
          .hint("use --copy-format auto, which takes text for such tables only");
    bool binary = choice != FormatChoice::text && entry.data->binary_allowed;
    entry.data->format = binary ? model::CopyFormat::binary : model::CopyFormat::text;
  }
}

}  // namespace pghaul::dump
