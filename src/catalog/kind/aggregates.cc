// AGGREGATE: plain, ordered-set and hypothetical-set ones, with their moving and parallel forms.

#include <fmt/format.h>

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

// One of the two forms: the plain and the moving one.
struct Form {
  std::string transition, inverse, final;  // regproc text
  bool final_extra;
  char final_modify;  // 'r', 's', 'w'
  std::string state_type;
  std::int64_t state_space;
  std::optional<std::string> initial;
};

struct Aggregate {
  Oid oid, schema;
  std::string name, owner;
  std::string types;      // of the arguments: "integer, text"
  std::string arguments;  // as CREATE, ALTER, DROP and COMMENT take them
  char kind;              // 'n', 'o', 'h'
  Form plain, moving;
  std::string combine, serialize, deserialize;  // regproc text
  std::string sort_schema, sort_operator;       // empty: none
  char parallel;
  Privileges privileges;
};

constexpr std::string_view aggregate_query = R"(
SELECT p.oid, p.pronamespace, p.proname, p.proowner,
       pg_catalog.oidvectortypes(p.proargtypes), pg_catalog.pg_get_function_arguments(p.oid), a.aggkind,
       a.aggtransfn, '-', a.aggfinalfn, a.aggfinalextra, a.aggfinalmodify,
       pg_catalog.format_type(a.aggtranstype, NULL), a.aggtransspace, a.agginitval,
       a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn, a.aggmfinalextra, a.aggmfinalmodify,
       pg_catalog.format_type(a.aggmtranstype, NULL), a.aggmtransspace, a.aggminitval,
       a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
       sn.nspname, s.oprname, p.proparallel,
       pg_catalog.acldefault('f', p.proowner)::pg_catalog.text[], p.proacl::pg_catalog.text[]
  FROM pg_catalog.pg_proc AS p
       JOIN pg_catalog.pg_aggregate AS a ON a.aggfnoid = p.oid
       LEFT JOIN pg_catalog.pg_operator AS s ON s.oid = a.aggsortop
       LEFT JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.oprnamespace
 WHERE p.oid >= 16384
 ORDER BY p.pronamespace, p.proname, 5)";

Form read_form(Fields& f) { return {f.str(), f.str(), f.str(), f.boolean(), f.letter(), f.str(), f.integer(), f.optional()}; }

Aggregate read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(),  f.oid(), f.str(), session.role(f.oid()), f.str(), f.str(), f.letter(), read_form(f), read_form(f),
          f.str(), f.str(), f.str(), f.str(),               f.str(), f.letter(), f.privileges()};
}

std::string_view modify_name(char letter) { return letter == 'r' ? "READ_ONLY" : letter == 's' ? "SHAREABLE" : "READ_WRITE"; }

// prefix: "" or "M".
void add_form(std::vector<std::string>& clauses, const Form& form, std::string_view prefix, char usual_modify) {
  if (!names_something(form.transition)) return;
  auto add = [&](std::string_view key, const std::string& value) { clauses.push_back(fmt::format("{}{} = {}", prefix, key, value)); };
  add("SFUNC", form.transition);
  add("STYPE", form.state_type);
  if (names_something(form.inverse)) add("INVFUNC", form.inverse);
  if (form.state_space) add("SSPACE", std::to_string(form.state_space));
  if (form.initial) add("INITCOND", model::quote_literal(*form.initial));
  if (names_something(form.final)) {
    add("FINALFUNC", form.final);
    if (form.final_extra) clauses.push_back(fmt::format("{}FINALFUNC_EXTRA", prefix));
    if (form.final_modify != usual_modify) add("FINALFUNC_MODIFY", std::string(modify_name(form.final_modify)));
  }
}

std::vector<std::string> clauses_of(const Aggregate& aggregate) {
  std::vector<std::string> clauses;
  char usual_modify = aggregate.kind == 'n' ? 'r' : 'w';
  add_form(clauses, aggregate.plain, "", usual_modify);
  add_form(clauses, aggregate.moving, "M", usual_modify);
  if (names_something(aggregate.combine)) clauses.push_back("COMBINEFUNC = " + aggregate.combine);
  if (names_something(aggregate.serialize)) clauses.push_back("SERIALFUNC = " + aggregate.serialize);
  if (names_something(aggregate.deserialize)) clauses.push_back("DESERIALFUNC = " + aggregate.deserialize);
  if (!aggregate.sort_operator.empty())
    clauses.push_back(fmt::format("SORTOP = OPERATOR({}.{})", model::quote_ident(aggregate.sort_schema), aggregate.sort_operator));
  if (aggregate.kind == 'h') clauses.push_back("HYPOTHETICAL");
  if (aggregate.parallel != 'u') clauses.push_back(std::string("PARALLEL = ") + (aggregate.parallel == 's' ? "SAFE" : "RESTRICTED"));
  return clauses;
}

Draft emit(const Session& session, const Aggregate& aggregate) {
  const std::string& schema = session.schema(aggregate.schema);
  std::string name = model::qualified(schema, aggregate.name);
  Draft draft = start_draft(model::Kind::aggregate, {catalog_oid::proc, aggregate.oid}, schema,
                            fmt::format("{}({})", aggregate.name, aggregate.types),
                            fmt::format("AGGREGATE {}({})", name, aggregate.arguments.empty() ? "*" : aggregate.arguments));
  draft.text.push_back(with_clauses("CREATE " + draft.phrase, clauses_of(aggregate)));
  set_owner(draft, aggregate.owner);
  set_privileges(draft, 'f', fmt::format("FUNCTION {}({})", name, aggregate.types), aggregate.owner, aggregate.privileges);
  return draft;
}

}  // namespace

void read_aggregates(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(aggregate_query), [&](const pg::Row& row) {
    Aggregate aggregate = read(session, row);
    if (session.is_users(catalog_oid::proc, aggregate.oid, aggregate.schema)) drafts.add(emit(session, aggregate));
  });
}

}  // namespace pghaul::catalog::kind
