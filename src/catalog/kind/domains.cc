// DOMAIN, with its constraints: those that hold stand in the CREATE statement and can be taken out to open a cycle; those
// that are NOT VALID, which CREATE DOMAIN cannot say, always follow as entries of their own.

#include <fmt/format.h>

#include "catalog/kinds.h"
#include "catalog/type_draft.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct Domain {
  TypeCommon type;
  std::string base;
  std::string collation;  // regcollation text; empty: that of the base type
  bool not_null;
  std::optional<std::string> default_expression;  // SQL
  std::optional<std::string> default_text;        // a value's text, where there is no expression
};

struct DomainConstraint {
  Oid oid, domain;
  std::string name;
  bool not_null;  // contype 'n', since 17
  bool valid;
  std::string definition;  // pg_get_constraintdef
};

constexpr std::string_view domain_query = R"(
SELECT t.oid, t.typnamespace, t.typname, t.typowner, t.typarray,
       pg_catalog.acldefault('T', t.typowner)::pg_catalog.text[], t.typacl::pg_catalog.text[],
       pg_catalog.format_type(t.typbasetype, t.typtypmod),
       CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::pg_catalog.regcollation::pg_catalog.text END,
       t.typnotnull, pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::pg_catalog.regclass), t.typdefault
  FROM pg_catalog.pg_type AS t
       JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype
 WHERE t.typtype = 'd' AND t.oid >= 16384
 ORDER BY t.typnamespace, t.typname)";

constexpr std::string_view constraint_query = R"(
SELECT c.oid, c.contypid, c.conname, c.contype = 'n', c.convalidated, pg_catalog.pg_get_constraintdef(c.oid)
  FROM pg_catalog.pg_constraint AS c
 WHERE c.contypid >= 16384 AND c.contype IN ('c', 'n')
 ORDER BY c.contypid, c.contype DESC, c.conname)";

Domain read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {read_type_common(session, f), f.str(), f.str(), f.boolean(), f.optional(), f.optional()};
}

DomainConstraint read_constraint(const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.oid(), f.str(), f.boolean(), f.boolean(), f.str()};
}

Draft emit(const Session& session, const Domain& domain) {
  Draft draft = start_type(session, model::Kind::domain, domain.type, "DOMAIN");
  std::string sql = "CREATE " + draft.phrase + " AS " + domain.base;
  if (!domain.collation.empty()) sql += " COLLATE " + domain.collation;
  if (domain.default_expression) sql += " DEFAULT " + *domain.default_expression;
  else if (domain.default_text) sql += " DEFAULT " + model::quote_literal(*domain.default_text);
  draft.text.push_back(std::move(sql));
  if (domain.not_null && !session.at_least(17)) draft.text.push_back("\n  NOT NULL");
  return draft;
}

// Adds a constraint to its domain's draft.
void add_constraint(Draft& domain, const DomainConstraint& constraint) {
  std::string name = model::quote_ident(constraint.name);
  // The name that the server chooses is left out: then the text is that of a server which has no name for it.
  bool usual_name = constraint.not_null && constraint.name == domain.entry->name + "_not_null";
  std::string clause = (usual_name ? "" : "CONSTRAINT " + name + " ") + (constraint.not_null ? "NOT NULL" : constraint.definition);

  Detachable piece;
  piece.address = {catalog_oid::constraint, constraint.oid};
  piece.segment = domain.text.size();
  piece.phrase = "CONSTRAINT " + name + " ON " + domain.phrase;
  piece.detached = !constraint.valid;
  piece.apart->kind = model::Kind::domain_constraint;
  piece.apart->section = model::Section::post_data;
  piece.apart->schema = domain.entry->schema;
  piece.apart->name = domain.entry->name + " " + constraint.name;
  piece.apart->create_sql = "ALTER " + domain.phrase + " ADD " + clause;
  piece.apart->drop_sql = "ALTER " + domain.phrase + " DROP CONSTRAINT " + name;
  domain.text.push_back("\n  " + clause);
  domain.detachables.push_back(std::move(piece));
}

}  // namespace

void read_domains(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(domain_query), [&](const pg::Row& row) {
    Domain domain = read(session, row);
    if (is_users_type(session, domain.type)) drafts.add(emit(session, domain));
  });
  session.connection.stream(std::string(constraint_query), [&](const pg::Row& row) {
    DomainConstraint constraint = read_constraint(row);
    Draft* domain = drafts.find({catalog_oid::type, constraint.domain});
    if (domain && domain->entry->kind == model::Kind::domain) add_constraint(*domain, constraint);
  });
}

}  // namespace pghaul::catalog::kind
