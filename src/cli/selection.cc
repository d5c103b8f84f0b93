#include "cli/selection.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/error.h"

namespace pghaul::cli {
namespace {

using model::Pattern;
using model::Selection;

std::string read_text(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(Fault::usage, "cannot read " + printable(path)).hint("check its name and permissions");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  std::size_t from = text.find_first_not_of(blank);
  return from == std::string_view::npos ? std::string_view{} : text.substr(from, text.find_last_not_of(blank) - from + 1);
}

// ---- filter files -----------------------------------------------------------------------------------------------------

// Commands of a filter file: comments gone, quoted patterns over several lines in one piece, \n and \\ within quotes resolved.
struct FilterLine {
  int line = 0;
  std::string text;
};

std::vector<FilterLine> commands(std::string_view text) {
  std::vector<FilterLine> all(1);
  int line = 1;
  bool quoted = false, comment = false;
  all.back().line = line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n') ++line;
    if (c == '\n' && !quoted) {
      all.push_back({line, ""});
      comment = false;
      continue;
    }
    if (comment) continue;
    if (c == '"') quoted = !quoted;
    if (c == '#' && !quoted) comment = true;
    else if (c == '\\' && quoted && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == '\\')) all.back().text += text[++i] == 'n' ? '\n' : '\\';
    else all.back().text += c;
  }
  if (quoted) all.back().text.clear(), all.push_back({line, "\""});
  return all;
}

std::string_view take_word(std::string_view& rest) {
  rest = trimmed(rest);
  std::size_t end = rest.find_first_of(" \t");
  std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.size(), word.size()));
  return word;
}

void apply_command(std::string_view verb, std::string_view kind, std::string_view pattern, Selection& s) {
  bool in = verb == "include";
  auto refuse = [&](std::string why) { throw Error(Fault::usage, std::move(why)); };
  if (!in && verb != "exclude") refuse(fmt::format("invalid filter command '{}': it is include or exclude", printable(verb)));
  if (pattern.empty()) refuse("missing object name pattern");
  if (kind == "schema") (in ? s.schemas : s.excluded_schemas).push_back(model::plain_pattern(pattern));
  else if (kind == "extension") (in ? s.extensions : s.excluded_extensions).push_back(model::plain_pattern(pattern));
  else if (kind == "table") (in ? s.tables : s.excluded_tables).push_back(model::table_pattern(pattern));
  else if (kind == "table_and_children") (in ? s.tables_and_children : s.excluded_tables_and_children).push_back(model::table_pattern(pattern));
  else if (kind == "foreign_data" && in) s.foreign_data.push_back(model::plain_pattern(pattern));
  else if (kind == "table_data" && !in) s.excluded_data.push_back(model::table_pattern(pattern));
  else if (kind == "table_data_and_children" && !in) s.excluded_data_and_children.push_back(model::table_pattern(pattern));
  else if (kind == "foreign_data" || kind == "table_data" || kind == "table_data_and_children")
    refuse(fmt::format("{} filter for '{}' is not allowed", verb, kind));
  else refuse(fmt::format("unsupported filter object type: '{}'", printable(kind)));
}

// ---- options ----------------------------------------------------------------------------------------------------------

void fill(std::vector<Pattern>& patterns, const Arguments& a, std::string_view option, Pattern (*parse)(std::string_view)) {
  for (const std::string& text : a.all(option)) patterns.push_back(parse(text));
}

void choose_sections(const Arguments& a, Selection& s) {
  if (a.has("section")) {
    s.pre_data = s.data = s.post_data = false;
    for (const std::string& name : a.all("section")) {
      if (name == "pre-data") s.pre_data = true;
      else if (name == "data") s.data = true;
      else if (name == "post-data") s.post_data = true;
      else throw Error(Fault::usage, "unrecognized section name: \"" + printable(name) + "\"").hint("the sections are pre-data, data and post-data");
    }
  }
  if (a.has("schema-only")) s.data = s.refreshes = false;
  if (a.has("data-only")) s.pre_data = s.post_data = s.refreshes = false;
  s.sequence_data = a.has("sequence-data");
}

}  // namespace

void apply_filter(std::string_view text, const std::string& name, Selection& selection) {
  for (const FilterLine& command : commands(text)) {
    std::string_view rest = command.text;
    std::string_view verb = take_word(rest);
    if (verb.empty()) continue;
    std::string_view kind = take_word(rest);
    try {
      apply_command(verb, kind, trimmed(rest), selection);
    } catch (Error& error) {
      error.add_context(fmt::format("line {} of filter {}", command.line, printable(name)));
      error.set_hint("each line is: include|exclude table|table_and_children|schema|extension|foreign_data|table_data|table_data_and_children PATTERN");
      throw;
    }
  }
}

std::vector<model::EntryId> parse_list(std::string_view text, const std::string& name) {
  std::vector<model::EntryId> list;
  for (int line = 1; !text.empty(); ++line) {
    std::size_t end = text.find('\n');
    std::string_view rest = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    rest = trimmed(rest.substr(0, rest.find(';')));
    if (rest.empty()) continue;
    model::EntryId id = 0;
    auto [stop, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
    if (fault != std::errc() || stop != rest.data() + rest.size())
      throw Error(Fault::usage, fmt::format("line {} of {} does not begin with an entry's number: {}", line, printable(name), printable(rest)))
          .hint("edit what restore -l prints: delete lines, move them, or put ; before them");
    list.push_back(id);
  }
  return list;
}

model::Where parse_where(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '=' && !quoted && i > 0 && !trimmed(text.substr(i + 1)).empty())
      return {model::table_pattern(trimmed(text.substr(0, i))), std::string(trimmed(text.substr(i + 1)))};
  }
  throw Error(Fault::usage, "--where takes TABLE=CONDITION, not '" + printable(text) + "'").hint("for example --where 'public.orders=placed_at >= now() - interval ''1 year'''");
}

Selection selection(const Arguments& a) {
  Selection s;
  fill(s.schemas, a, "schema", model::plain_pattern);
  fill(s.excluded_schemas, a, "exclude-schema", model::plain_pattern);
  fill(s.tables, a, "table", model::table_pattern);
  fill(s.tables_and_children, a, "table-and-children", model::table_pattern);
  fill(s.excluded_tables, a, "exclude-table", model::table_pattern);
  fill(s.excluded_tables_and_children, a, "exclude-table-and-children", model::table_pattern);
  fill(s.excluded_data, a, "exclude-table-data", model::table_pattern);
  fill(s.excluded_data_and_children, a, "exclude-table-data-and-children", model::table_pattern);
  fill(s.extensions, a, "extension", model::plain_pattern);
  fill(s.excluded_extensions, a, "exclude-extension", model::plain_pattern);
  fill(s.foreign_data, a, "include-foreign-data", model::plain_pattern);
  for (const std::string& text : a.all("where")) s.where.push_back(parse_where(text));
  for (const std::string& path : a.all("filter")) apply_filter(read_text(path), path, s);
  if (a.has("use-list")) s.list = parse_list(read_text(a.get("use-list")), a.get("use-list"));
  choose_sections(a, s);
  if (!s.data && !s.foreign_data.empty()) throw Error(Fault::usage, "--include-foreign-data takes rows, which --schema-only leaves out").hint("leave one of them out");
  if (a.has("large-objects")) s.large_objects = true;
  if (a.has("no-large-objects")) s.large_objects = false;
  s.unlogged_data = !a.has("no-unlogged-table-data");
  s.publications = !a.has("no-publications");
  s.subscriptions = !a.has("no-subscriptions");
  s.policies = !a.has("no-policies");
  s.owners = !a.has("no-owner");
  s.privileges = !a.has("no-privileges");
  s.comments = !a.has("no-comments");
  s.security_labels = !a.has("no-security-labels");
  s.tablespaces = !a.has("no-tablespaces");
  s.table_access_method = !a.has("no-table-access-method");
  s.toast_compression = !a.has("no-toast-compression");
  s.with_dependencies = a.has("with-dependencies");
  s.strict_names = a.has("strict-names");
  return s;
}

std::string list_text(const model::Inventory& inventory, const std::vector<model::EntryId>& from) {
  std::string text = fmt::format("; Entries of database {}, PostgreSQL {}: number; kind schema name owner\n"
                                 "; Delete lines, or put ; before them, or move them, and restore what is left with -L.\n",
                                 printable(inventory.origin.database), printable(inventory.origin.server_version_text));
  for (std::size_t i = 0; i < from.size(); ++i) {
    const model::Entry& entry = inventory.entries[i];
    auto shown = [](const std::string& word) { return word.empty() ? std::string("-") : printable(word); };
    text += fmt::format("{}; {} {} {} {}\n", from[i], model::kind_name(entry.kind), shown(entry.schema), shown(entry.name), shown(entry.owner));
  }
  return text;
}

}  // namespace pghaul::cli
