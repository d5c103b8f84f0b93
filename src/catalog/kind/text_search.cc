// TEXT SEARCH PARSER, TEMPLATE, DICTIONARY and CONFIGURATION: four small kinds that only make sense together. Parsers and
// templates have no owner.

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Parser {
  Oid oid, schema;
  std::string name, start, get_token, end, lexical_types, headline;  // regproc text
};

struct Template {
  Oid oid, schema;
  std::string name, init, lexize;  // regproc text
};

struct Dictionary {
  Oid oid, schema;
  std::string name, owner, template_schema, template_name;
  std::string options;  // SQL: "stopwords = 'english', accept = 'false'"
};

struct Configuration {
  Oid oid, schema;
  std::string name, owner, parser_schema, parser;
  std::vector<std::string> tokens, dictionaries;  // one mapping each: "asciiword", "simple, public.mine"
};

constexpr std::string_view parser_query = R"(
SELECT p.oid, p.prsnamespace, p.prsname, p.prsstart, p.prstoken, p.prsend, p.prslextype, p.prsheadline
  FROM pg_catalog.pg_ts_parser AS p
 WHERE p.oid >= 16384
 ORDER BY p.prsnamespace, p.prsname)";

constexpr std::string_view template_query = R"(
SELECT t.oid, t.tmplnamespace, t.tmplname, t.tmplinit, t.tmpllexize
  FROM pg_catalog.pg_ts_template AS t
 WHERE t.oid >= 16384
 ORDER BY t.tmplnamespace, t.tmplname)";

constexpr std::string_view dictionary_query = R"(
SELECT d.oid, d.dictnamespace, d.dictname, d.dictowner, n.nspname, t.tmplname, d.dictinitoption
  FROM pg_catalog.pg_ts_dict AS d
       JOIN pg_catalog.pg_ts_template AS t ON t.oid = d.dicttemplate
       JOIN pg_catalog.pg_namespace AS n ON n.oid = t.tmplnamespace
 WHERE d.oid >= 16384
 ORDER BY d.dictnamespace, d.dictname)";

constexpr std::string_view configuration_query = R"(
SELECT c.oid, c.cfgnamespace, c.cfgname, c.cfgowner, n.nspname, p.prsname, m.tokens, m.dictionaries
  FROM pg_catalog.pg_ts_config AS c
       JOIN pg_catalog.pg_ts_parser AS p ON p.oid = c.cfgparser
       JOIN pg_catalog.pg_namespace AS n ON n.oid = p.prsnamespace
       CROSS JOIN LATERAL
       (SELECT pg_catalog.array_agg(t.alias ORDER BY t.tokid) AS tokens,
               pg_catalog.array_agg(t.dictionaries ORDER BY t.tokid) AS dictionaries
          FROM (SELECT t.tokid, t.alias,
                       pg_catalog.string_agg(m.mapdict::pg_catalog.regdictionary::pg_catalog.text, ', ' ORDER BY m.mapseqno) AS dictionaries
                  FROM pg_catalog.pg_ts_config_map AS m
                       JOIN pg_catalog.ts_token_type(c.cfgparser) AS t ON t.tokid = m.maptokentype
                 WHERE m.mapcfg = c.oid
                 GROUP BY t.tokid, t.alias) AS t) AS m
 WHERE c.oid >= 16384
 ORDER BY c.cfgnamespace, c.cfgname)";

Parser read_parser(const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(), f.str(), f.str(), f.str(), f.str(), f.str()};
}

Template read_template(const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(), f.str(), f.str()};
}

Dictionary read_dictionary(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(), session.role(f.oid()), f.str(), f.str(), f.str()};
}

Configuration read_configuration(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(), session.role(f.oid()), f.str(), f.str(), f.array(), f.array()};
}

Draft start(const Session& session, model::Kind kind, Address address, Oid schema_oid, const std::string& name) {
  const std::string& schema = session.schema(schema_oid);
  return start_draft(kind, address, schema, name, std::string(model::kind_name(kind)) + " " + model::qualified(schema, name));
}

Draft emit(const Session& session, const Parser& parser) {
  Draft draft = start(session, model::Kind::text_search_parser, {catalog_oid::ts_parser, parser.oid}, parser.schema, parser.name);
  std::vector<std::string> clauses{"START = " + parser.start, "GETTOKEN = " + parser.get_token, "END = " + parser.end};
  if (names_something(parser.headline)) clauses.push_back("HEADLINE = " + parser.headline);
  clauses.push_back("LEXTYPES = " + parser.lexical_types);
  draft.text.push_back(with_clauses("CREATE " + draft.phrase, clauses));
  return draft;
}

Draft emit(const Session& session, const Template& text_template) {
  Draft draft = start(session, model::Kind::text_search_template, {catalog_oid::ts_template, text_template.oid}, text_template.schema,
                      text_template.name);
  std::vector<std::string> clauses;
  if (names_something(text_template.init)) clauses.push_back("INIT = " + text_template.init);
  clauses.push_back("LEXIZE = " + text_template.lexize);
  draft.text.push_back(with_clauses("CREATE " + draft.phrase, clauses));
  return draft;
}

Draft emit(const Session& session, const Dictionary& dictionary) {
  Draft draft = start(session, model::Kind::text_search_dictionary, {catalog_oid::ts_dict, dictionary.oid}, dictionary.schema, dictionary.name);
  std::vector<std::string> clauses{"TEMPLATE = " + model::qualified(dictionary.template_schema, dictionary.template_name)};
  if (!dictionary.options.empty()) clauses.push_back(dictionary.options);
  draft.text.push_back(with_clauses("CREATE " + draft.phrase, clauses));
  set_owner(draft, dictionary.owner);
  return draft;
}

Draft emit(const Session& session, const Configuration& configuration) {
  Draft draft = start(session, model::Kind::text_search_configuration, {catalog_oid::ts_config, configuration.oid}, configuration.schema,
                      configuration.name);
  std::string sql = "CREATE " + draft.phrase + " (PARSER = " + model::qualified(configuration.parser_schema, configuration.parser) + ")";
  for (std::size_t i = 0; i < configuration.tokens.size(); ++i)
    sql += ";\nALTER " + draft.phrase + " ADD MAPPING FOR " + model::quote_ident(configuration.tokens[i]) + " WITH " +
           configuration.dictionaries[i];
  draft.text.push_back(std::move(sql));
  set_owner(draft, configuration.owner);
  return draft;
}

}  // namespace

void read_text_search(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(parser_query), [&](const pg::Row& row) {
    Parser parser = read_parser(row);
    if (session.is_users(catalog_oid::ts_parser, parser.oid, parser.schema)) drafts.add(emit(session, parser));
  });
  session.connection.stream(std::string(template_query), [&](const pg::Row& row) {
    Template text_template = read_template(row);
    if (session.is_users(catalog_oid::ts_template, text_template.oid, text_template.schema)) drafts.add(emit(session, text_template));
  });
  session.connection.stream(std::string(dictionary_query), [&](const pg::Row& row) {
    Dictionary dictionary = read_dictionary(session, row);
    if (session.is_users(catalog_oid::ts_dict, dictionary.oid, dictionary.schema)) drafts.add(emit(session, dictionary));
  });
  session.connection.stream(std::string(configuration_query), [&](const pg::Row& row) {
    Configuration configuration = read_configuration(session, row);
    if (session.is_users(catalog_oid::ts_config, configuration.oid, configuration.schema)) drafts.add(emit(session, configuration));
  });
}

}  // namespace pghaul::catalog::kind
