// The two comparisons as lists of verbs: open the sides, compare the schemas, read the rows, compare the sums.

#include "verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "format/selected.h"
#include "verify/compare.h"

namespace pghaul::verify {

Side open_side(std::string name, const pg::ConnectOptions& options, const std::string& encoding, const Options& how, Progress& progress) {
  progress.phase("reading the catalog of " + name);
  pg::ConnectOptions with_encoding = options;
  if (!encoding.empty()) with_encoding.client_encoding = encoding;
  return with_context([&] { return "reading the catalog of " + name; }, [&] {
    Side side{name, with_encoding, pg::Connection(with_encoding), "", {}};
    auto canceller = side.keeper.canceller();
    std::stop_callback on_stop(how.stop, [&] { canceller.cancel(); });
    catalog::prepare_session(side.keeper);
    catalog::prepare_transaction(side.keeper, "", false);
    side.snapshot = side.keeper.scalar("SELECT pg_catalog.pg_export_snapshot()");
    catalog::ReadOptions read;
    read.foreign_data = !how.selection.foreign_data.empty();
    model::Selection selection = how.selection;
    selection.list.reset();  // its numbers are the archive's
    side.inventory = model::select_leniently(catalog::read_inventory(side.keeper, read), selection).inventory;
    return side;
  });
}

namespace {

// One relation whose rows are on both sides.
struct Pair {
  const model::Entry* expected = nullptr;
  const model::Entry* found = nullptr;
  std::string object;  // "TABLE public.orders": what the rows belong to
  model::CopyFormat format = model::CopyFormat::text;
};

// Rows belong to a table, in the reader's mind: that is named, not its data entry, even where only the rows are compared.
std::string object_of(const model::Entry& rows) {
  if (rows.data->relation.empty()) return model::describe(rows);
  model::Entry table;
  table.kind = model::Kind::table, table.schema = rows.schema, table.name = rows.name;
  return model::describe(table);
}

// Pairs the data entries. A relation that is on one side only is the schema comparison's to report, except where that is
// left out or sees none.
std::vector<Pair> pair_up(const model::Inventory& expected, const model::Inventory& found, const Options& options, Report& report) {
  std::map<Key, const model::Entry*> there;
  for (const model::Entry& entry : found.entries) there.emplace(key_of(entry), &entry);
  std::vector<Pair> pairs;
  for (const model::Entry& entry : expected.entries) {
    if (!entry.data) continue;
    auto other = there.find(key_of(entry));
    std::string object = object_of(entry);
    if (other != there.end() && other->second->data) pairs.push_back({&entry, other->second, std::move(object)});
    else if (!options.schema || !entry.parent || there.contains(key_of(expected.at(entry.parent))))
      report.differences.push_back({Difference::What::missing, std::move(object), "rows", ""});
  }
  return pairs;
}

// Rows that are nowhere expected: large objects, whose schema entries do not tell what they hold.
void report_unexpected(const model::Inventory& expected, const model::Inventory& found, const Options& options, Report& report) {
  if (options.selection.list) return;
  std::map<Key, const model::Entry*> known;
  for (const model::Entry& entry : expected.entries) known.emplace(key_of(entry), &entry);
  for (const model::Entry& entry : found.entries)
    if (entry.data && !known.contains(key_of(entry)) &&
        (!options.schema || !entry.parent || known.contains(key_of(found.at(entry.parent)))))
      report.differences.push_back({Difference::What::extra, object_of(entry), "", "rows"});
}

bool same_rows(const RowTotals& a, const RowTotals& b) { return a.rows == b.rows && a.digest == b.digest; }

std::string to_text(const RowTotals& totals) { return fmt::format("{} rows, digest {}", totals.rows, format::to_hex(totals.digest)); }

void compare_rows(const std::vector<Pair>& pairs, const std::vector<RowTotals>& expected, const std::vector<RowTotals>& found,
                  Report& report) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const model::Entry& entry = *pairs[i].expected;
    bool equal = same_rows(expected[i], found[i]);
    report.tables.push_back({entry.schema, entry.name, found[i].rows, found[i].raw_bytes, found[i].digest, equal});
    report.rows += found[i].rows, report.raw_bytes += found[i].raw_bytes;
    if (!equal) report.differences.push_back({Difference::What::rows, pairs[i].object, to_text(expected[i]), to_text(found[i])});
  }
}

// What reads one side of a pair. The columns and their order are the expected side's.
std::vector<ReadTask> reading(const Pair& pair, const model::Entry& here, std::size_t number, Side& side) {
  ReadTask whole;
  whole.relation = number, whole.side = &side, whole.object = pair.object, whole.format = pair.format;
  return plan_reading(whole, *here.data, pair.expected->data->column_list);
}

void append(std::vector<ReadTask>& tasks, std::vector<ReadTask> more) {
  for (ReadTask& task : more) tasks.push_back(std::move(task));
}

// The quoted names of a column list, sorted: a child that its parent gave a column later has the same ones in another order.
std::vector<std::string> names_of(const std::string& column_list) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t at = 0; at <= column_list.size(); ++at) {
    if (at < column_list.size() && column_list[at] == '"') quoted = !quoted;
    if (at < column_list.size() && (quoted || column_list[at] != ',')) continue;
    names.push_back(column_list.substr(std::min(begin, at), at - std::min(begin, at)));
    begin = at + 2;  // ", "
  }
  std::sort(names.begin(), names.end());
  return names;
}

// A column that the found side lacks would end the COPY with an error; it is a difference of the definition instead.
void drop_unreadable(std::vector<Pair>& pairs, Report& report) {
  std::erase_if(pairs, [&](const Pair& pair) {
    const std::string &wanted = pair.expected->data->column_list, &has = pair.found->data->column_list;
    if (wanted == has || names_of(wanted) == names_of(has)) return false;
    report.differences.push_back({Difference::What::rows, pair.object, "columns " + wanted, "columns " + has});
    return true;
  });
}

Report compare_catalogs(const model::Inventory& expected, const model::Inventory& found, const Options& options, Progress& progress) {
  progress.phase("comparing the schemas");
  SchemaResult schema = compare_schemas(expected, found, options);
  for (const std::string& remark : schema.remarks) progress.warn(remark);
  Report report;
  report.differences = std::move(schema.differences);
  report.entries_compared = schema.compared;
  return report;
}

}  // namespace

Report compare_with_archive(model::Inventory whole, const format::Totals& whole_totals, const pg::ConnectOptions& target,
                            const Options& options, Progress& progress) {
  model::Selected selected = model::select(std::move(whole), options.selection);
  if (options.adapt) options.adapt(selected.inventory);
  const model::Inventory& expected = selected.inventory;
  const format::Totals totals = format::selected_totals(whole_totals, selected.from);
  return unless_stopped(options.stop, [&] {
    Side side = open_side("the target", target, expected.origin.encoding, options, progress);
    Report report = compare_catalogs(expected, side.inventory, options, progress);
    if (!options.data) return report;

    std::map<model::EntryId, const format::RelationEnd*> ends;
    for (const format::RelationEnd& end : totals.relations) ends.emplace(end.relation, &end);
    std::vector<Pair> pairs = pair_up(expected, side.inventory, options, report);
    std::erase_if(pairs, [&](const Pair& pair) { return !ends.contains(pair.expected->id); });  // a dump without rows
    drop_unreadable(pairs, report);
    if (!ends.empty()) report_unexpected(expected, side.inventory, options, report);

    std::vector<ReadTask> tasks;
    std::vector<RowTotals> wanted;
    for (Pair& pair : pairs) {
      const format::RelationEnd& end = *ends.at(pair.expected->id);
      pair.format = end.format;
      append(tasks, reading(pair, *pair.found, wanted.size(), side));
      wanted.push_back({end.rows, end.raw_bytes, end.digest});
    }
    progress.tables_total = static_cast<std::uint32_t>(pairs.size());
    progress.phase("comparing the rows");
    compare_rows(pairs, wanted, read_rows(std::move(tasks), pairs.size(), options, progress), report);
    return report;
  });
}

Report compare_databases(const pg::ConnectOptions& from, const pg::ConnectOptions& to, const Options& options, Progress& progress) {
  return unless_stopped(options.stop, [&] {
    Side source = open_side("the source", from, "", options, progress);
    if (options.adapt) options.adapt(source.inventory);
    Side target = open_side("the target", to, source.inventory.origin.encoding, options, progress);
    Report report = compare_catalogs(source.inventory, target.inventory, options, progress);
    if (!options.data) return report;

    std::vector<Pair> pairs = pair_up(source.inventory, target.inventory, options, report);
    drop_unreadable(pairs, report);
    report_unexpected(source.inventory, target.inventory, options, report);
    const std::size_t count = pairs.size();
    std::vector<ReadTask> tasks;  // relation i of the source is i, of the target count + i
    for (std::size_t i = 0; i < count; ++i) {
      Pair& pair = pairs[i];
      bool binary = pair.expected->data->binary_allowed && pair.found->data->binary_allowed;
      pair.format = binary ? model::CopyFormat::binary : model::CopyFormat::text;
      append(tasks, reading(pair, *pair.expected, i, source));
      append(tasks, reading(pair, *pair.found, count + i, target));
    }
    progress.tables_total = static_cast<std::uint32_t>(2 * count);
    progress.phase("comparing the rows");
    std::vector<RowTotals> totals = read_rows(std::move(tasks), 2 * count, options, progress);
    auto middle = totals.begin() + static_cast<std::ptrdiff_t>(count);
    compare_rows(pairs, {totals.begin(), middle}, {middle, totals.end()}, report);
    return report;
  });
}

}  // namespace pghaul::verify
