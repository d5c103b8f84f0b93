#include "restore/presence.h"

#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "model/ident.h"

namespace pghaul::restore {
namespace {

struct Question {
  std::string_view detail, sql;  // true for a name v.name that is there
};

constexpr std::string_view named_in_schema =
    "EXISTS (SELECT FROM pg_catalog.{0} AS o JOIN pg_catalog.pg_namespace AS n ON n.oid = o.{1}namespace WHERE n.nspname || '.' || o.{1}name = v.name)";

const std::vector<Question>& questions() {
  static const std::string parser = fmt::format(named_in_schema, "pg_ts_parser", "prs"), dictionary = fmt::format(named_in_schema, "pg_ts_dict", "dict"),
                           text_template = fmt::format(named_in_schema, "pg_ts_template", "tmpl"),
                           configuration = fmt::format(named_in_schema, "pg_ts_config", "cfg");
  static const std::vector<Question> all = {
      {"relation", "pg_catalog.to_regclass(v.name) IS NOT NULL"},
      {"type", "pg_catalog.to_regtype(v.name) IS NOT NULL"},
      {"routine", "pg_catalog.to_regprocedure(v.name) IS NOT NULL"},
      {"operator", "pg_catalog.to_regoperator(v.name) IS NOT NULL"},
      {"collation", "pg_catalog.to_regcollation(v.name) IS NOT NULL"},
      {"schema", "pg_catalog.to_regnamespace(v.name) IS NOT NULL"},
      {"access method", "EXISTS (SELECT FROM pg_catalog.pg_am AS o WHERE o.amname = v.name)"},
      {"event trigger", "EXISTS (SELECT FROM pg_catalog.pg_event_trigger AS o WHERE o.evtname = v.name)"},
      {"extension", "EXISTS (SELECT FROM pg_catalog.pg_extension AS o WHERE o.extname = v.name)"},
      {"foreign data wrapper", "EXISTS (SELECT FROM pg_catalog.pg_foreign_data_wrapper AS o WHERE o.fdwname = v.name)"},
      {"language", "EXISTS (SELECT FROM pg_catalog.pg_language AS o WHERE o.lanname = v.name)"},
      {"publication", "EXISTS (SELECT FROM pg_catalog.pg_publication AS o WHERE o.pubname = v.name)"},
      {"role", "EXISTS (SELECT FROM pg_catalog.pg_roles AS o WHERE o.rolname = v.name)"},
      {"server", "EXISTS (SELECT FROM pg_catalog.pg_foreign_server AS o WHERE o.srvname = v.name)"},
      {"subscription", "EXISTS (SELECT FROM pg_catalog.pg_subscription AS o JOIN pg_catalog.pg_database AS d ON d.oid = o.subdbid WHERE d.datname = pg_catalog.current_database() AND o.subname = v.name)"},
      {"tablespace", "EXISTS (SELECT FROM pg_catalog.pg_tablespace AS o WHERE o.spcname = v.name)"},
      {"text search parser", parser},
      {"text search dictionary", dictionary},
      {"text search template", text_template},
      {"text search configuration", configuration},
  };
  return all;
}

std::string_view question_of(const std::string& detail) {
  for (const Question& question : questions())
    if (question.detail == detail) return question.sql;
  throw Error(Fault::unsupported, "the archive requires a " + printable(detail) + ", which this version cannot look up").hint("use a newer pghaul");
}

}  // namespace

Presence present(pg::Connection& connection, const std::vector<model::Requirement>& requirements) {
  constexpr std::size_t together = 1000;
  std::map<std::string, std::set<std::string>> wanted;
  for (const model::Requirement& requirement : requirements)
    if (requirement.what == model::Requirement::What::object) wanted[requirement.detail].insert(requirement.name);
  Presence found;
  for (const auto& [detail, names] : wanted) {
    std::string_view question = question_of(detail);
    for (auto name = names.begin(); name != names.end();) {
      std::string list;
      for (std::size_t i = 0; i < together && name != names.end(); ++i, ++name) list += (list.empty() ? "" : ", ") + model::quote_literal(*name);
      connection.stream(fmt::format("SELECT v.name FROM pg_catalog.unnest(ARRAY[{}]::pg_catalog.text[]) AS v(name) WHERE {}", list, question),
                        [&](const pg::Row& row) { found.emplace(detail, row.str(0)); });
    }
  }
  return found;
}

}  // namespace pghaul::restore
