// OPERATOR. A commutator or negator need not exist yet: the server makes a shell operator of its name, which its own CREATE
// OPERATOR completes later. So these links are no dependencies; only the schemas must be there.

#include <fmt/format.h>

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

// The name of another operator; schema 0: none.
struct Link {
  Oid schema;
  std::string name;
};

struct Operator {
  Oid oid, schema;
  std::string name, owner;
  char kind;                // 'b'; 'l': prefix; 'r': postfix, up to 13
  std::string left, right;  // types; "NONE" where there is no operand
  std::string function, restrict_estimator, join_estimator;  // regproc text
  bool hashes, merges;
  Link commutator, negator;
};

// Shell operators that were never completed (oprcode 0) come with those that refer to them.
constexpr std::string_view operator_query = R"(
SELECT o.oid, o.oprnamespace, o.oprname, o.oprowner, o.oprkind,
       CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) ELSE 'NONE' END,
       CASE WHEN o.oprright <> 0 THEN pg_catalog.format_type(o.oprright, NULL) ELSE 'NONE' END,
       o.oprcode, o.oprrest, o.oprjoin, o.oprcanhash, o.oprcanmerge,
       c.oprnamespace, c.oprname, n.oprnamespace, n.oprname
  FROM pg_catalog.pg_operator AS o
       LEFT JOIN pg_catalog.pg_operator AS c ON c.oid = o.oprcom
       LEFT JOIN pg_catalog.pg_operator AS n ON n.oid = o.oprnegate
 WHERE o.oid >= 16384 AND o.oprcode <> 0
 ORDER BY o.oprnamespace, o.oprname, 6, 7)";

Operator read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(), session.role(f.oid()), f.letter(),  f.str(),          f.str(),
          f.str(), f.str(), f.str(), f.boolean(),           f.boolean(), {f.oid(), f.str()}, {f.oid(), f.str()}};
}

std::vector<std::string> clauses_of(const Session& session, const Operator& op) {
  std::vector<std::string> clauses{"FUNCTION = " + op.function};
  auto link = [&](std::string_view key, const Link& to) {
    if (to.schema) clauses.push_back(fmt::format("{} = OPERATOR({}.{})", key, model::quote_ident(session.schema(to.schema)), to.name));
  };
  if (op.left != "NONE") clauses.push_back("LEFTARG = " + op.left);
  if (op.right != "NONE") clauses.push_back("RIGHTARG = " + op.right);
  link("COMMUTATOR", op.commutator);
  link("NEGATOR", op.negator);
  if (names_something(op.restrict_estimator)) clauses.push_back("RESTRICT = " + op.restrict_estimator);
  if (names_something(op.join_estimator)) clauses.push_back("JOIN = " + op.join_estimator);
  if (op.hashes) clauses.push_back("HASHES");
  if (op.merges) clauses.push_back("MERGES");
  return clauses;
}

Draft emit(const Session& session, const Operator& op) {
  const std::string& schema = session.schema(op.schema);
  std::string name = model::quote_ident(schema) + "." + op.name;
  Draft draft = start_draft(model::Kind::op, {catalog_oid::op, op.oid}, schema, fmt::format("{}({},{})", op.name, op.left, op.right),
                            fmt::format("OPERATOR {} ({}, {})", name, op.left, op.right));
  draft.text.push_back(with_clauses("CREATE OPERATOR " + name, clauses_of(session, op)));
  for (const Link* link : {&op.commutator, &op.negator})
    if (link->schema && link->schema != op.schema) draft.needs.push_back({catalog_oid::namespace_, link->schema});
  if (op.kind == 'r')
    draft.entry->requires_on_target.push_back({model::Requirement::What::server_version, "postfix operators", "", 0, 13});
  set_owner(draft, op.owner);
  return draft;
}

}  // namespace

void read_operators(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(operator_query), [&](const pg::Row& row) {
    Operator op = read(session, row);
    if (session.is_users(catalog_oid::op, op.oid, op.schema)) drafts.add(emit(session, op));
  });
}

}  // namespace pghaul::catalog::kind
