#include "cli/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/terminal.h"
#include "pg/secrets.h"

namespace pghaul::cli {

Reporter::Reporter(const Run& run, bool to_stderr)
    : run_(run), json_(run.arguments.has("json")), quiet_(run.arguments.has("quiet")), to_stderr_(to_stderr) {}

void Reporter::line(const std::string& text) const {
  run_.terminal.stop();
  if (quiet_ || json_) return;
  std::FILE* out = to_stderr_ ? stderr : stdout;
  fmt::print(out, "{}\n", text);
  std::fflush(out);
}

void Reporter::list(const std::string& title, const std::string& words) const {
  constexpr std::size_t width = 80, indent = 12;
  std::string text = fmt::format("  {:{}}", title, indent - 2);
  std::size_t column = indent;
  for (std::size_t from = 0; from < words.size();) {
    std::size_t comma = words.find(", ", from), end = comma == std::string::npos ? words.size() : comma + 2;
    std::size_t visible = end - from - (comma == std::string::npos ? 0 : 1);
    if (column + visible > width && column > indent) {
      text.resize(text.find_last_not_of(' ') + 1);
      text += "\n" + std::string(indent, ' ');
      column = indent;
    }
    text += words.substr(from, end - from);
    column += end - from;
    from = end;
  }
  line(text);
}

namespace {

bool is_json(std::string_view text) {
  boost::json::error_code error;
  boost::json::parse(text, error);
  return !error;
}

// Names come in the source's encoding: what is no UTF-8 gets its bytes as escapes, so that the object stays JSON.
void make_utf8(boost::json::value& value) {
  if (auto* text = value.if_string(); text && !is_json(boost::json::serialize(*text))) value = printable(*text, true);
  if (auto* array = value.if_array()) std::for_each(array->begin(), array->end(), make_utf8);
  if (auto* object = value.if_object())
    for (auto& member : *object) make_utf8(member.value());
}

}  // namespace

void Reporter::json(boost::json::object object) const {
  run_.terminal.stop();
  if (!json_) return;
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start_;
  object["command"] = std::string(run_.arguments.command->name);
  object["seconds"] = seconds.count();
  std::string text = boost::json::serialize(object);
  if (!is_json(text)) {
    boost::json::value value(std::move(object));
    make_utf8(value);
    text = boost::json::serialize(value);
  }
  text += '\n';
  std::FILE* out = to_stderr_ ? stderr : stdout;
  std::fwrite(text.data(), 1, text.size(), out);
  std::fflush(out);
}

std::string Reporter::elapsed() const { return human_time(std::chrono::steady_clock::now() - start_); }

namespace {

std::string plural(std::string_view kind, std::size_t count) {
  std::string word;
  for (char c : kind) word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (word == "fk constraint") word = "foreign key";
  if (word == "cluster") word = "clustered table";
  if (word == "row security") word = "table under row security";
  if (word == "default acl") word = "default privilege";
  if (word == "statistics") word = "extended statistics";
  if (count == 1 || word.ends_with("statistics")) return word;
  if (word.starts_with("table under")) return "tables" + word.substr(5);
  if (word.ends_with("index") || word.ends_with("class")) return word + "es";
  if (word.ends_with("y") && !word.ends_with("ey")) return word.substr(0, word.size() - 1) + "ies";
  return word + "s";
}

bool is_counted(const model::Entry& entry) {
  return !entry.data && entry.section != model::Section::data && !entry.create_sql.empty() && model::is_object(entry.kind);
}

}  // namespace

std::vector<std::pair<std::string, std::size_t>> objects_by_kind(const model::Inventory& inventory) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  std::vector<model::Kind> kinds;
  for (const model::Entry& entry : inventory.entries) {
    if (!is_counted(entry)) continue;
    auto found = std::find(kinds.begin(), kinds.end(), entry.kind);
    if (found == kinds.end()) kinds.push_back(entry.kind), counts.emplace_back("", 1);
    else ++counts[static_cast<std::size_t>(found - kinds.begin())].second;
  }
  for (std::size_t i = 0; i < kinds.size(); ++i) counts[i].first = plural(model::kind_name(kinds[i]), counts[i].second);
  return counts;
}

std::string in_words(const std::vector<std::pair<std::string, std::size_t>>& counts) {
  std::string words;
  for (const auto& [name, count] : counts) words += fmt::format("{}{} {}", words.empty() ? "" : ", ", human_count(count), name);
  return words.empty() ? "no objects" : words;
}

std::string table_name(const model::Entry& entry) { return entry.schema.empty() ? entry.name : entry.schema + "." + entry.name; }

boost::json::object totals_json(const model::Inventory& inventory, const format::Totals& totals) {
  boost::json::array tables;
  for (const format::RelationEnd& end : totals.relations) {
    const model::Entry& entry = inventory.at(end.relation);
    tables.push_back({{"schema", entry.schema},
                      {"name", entry.name},
                      {"rows", end.rows},
                      {"raw_bytes", end.raw_bytes},
                      {"chunks", end.chunks},
                      {"format", end.format == model::CopyFormat::binary ? "binary" : "text"},
                      {"digest", format::to_hex(end.digest)}});
  }
  return {{"source", {{"database", inventory.origin.database}, {"server_version", inventory.origin.server_version}}},
          {"entries", inventory.entries.size()},
          {"rows", totals.rows},
          {"raw_bytes", totals.raw_bytes},
          {"stored_bytes", totals.stored_bytes},
          {"chunks", totals.chunks},
          {"tables", std::move(tables)}};
}

boost::json::object error_json(const Error& error) {
  boost::json::array context;
  for (auto it = error.context().rbegin(); it != error.context().rend(); ++it) context.push_back(boost::json::string(printable(*it)));
  auto shown = [](const std::string& text) { return printable(pg::without_secrets(text), true); };
  return {{"message", shown(error.message())},
          {"sqlstate", error.sqlstate()},
          {"detail", shown(error.detail())},
          {"hint", shown(error.hint())},
          {"statement", shown(error.statement())},
          {"context", std::move(context)}};
}

}  // namespace pghaul::cli
