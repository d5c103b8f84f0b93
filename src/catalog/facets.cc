// Comments and security labels of everything, attached by catalog address: one query each, for all kinds.

#include <fmt/format.h>

#include "catalog/graph.h"
#include "model/ident.h"

namespace pghaul::catalog {
namespace {

constexpr std::string_view comment_query = R"(
SELECT d.classoid, d.objoid, d.objsubid, d.description, a.attname
  FROM pg_catalog.pg_description AS d
       LEFT JOIN pg_catalog.pg_attribute AS a
         ON d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND a.attrelid = d.objoid AND a.attnum = d.objsubid AND d.objsubid <> 0
 WHERE d.objoid >= 16384
    OR d.classoid IN ('pg_catalog.pg_namespace'::pg_catalog.regclass, 'pg_catalog.pg_largeobject'::pg_catalog.regclass)
 ORDER BY 1, 2, 3)";

constexpr std::string_view label_query = R"(
SELECT l.classoid, l.objoid, l.objsubid, l.label, a.attname, l.provider
  FROM pg_catalog.pg_seclabel AS l
       LEFT JOIN pg_catalog.pg_attribute AS a
         ON l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND a.attrelid = l.objoid AND a.attnum = l.objsubid AND l.objsubid <> 0
 ORDER BY 1, 2, 3, provider)";

struct Target {
  model::Entry* entry = nullptr;
  std::string phrase;
};

using PieceIndex = std::unordered_map<Address, std::pair<DraftId, std::size_t>, AddressHash>;

PieceIndex index_pieces(const Drafts& drafts) {
  PieceIndex index;
  for (DraftId id = 0; id < drafts.size(); ++id)
    for (std::size_t i = 0; i < drafts[id].detachables.size(); ++i)
      index.insert_or_assign(drafts[id].detachables[i].address, std::pair(id, i));
  return index;
}

// The entry that the facet at an address belongs to, and how COMMENT ON and SECURITY LABEL ON call the object.
Target target_of(Drafts& drafts, const PieceIndex& pieces, const Address& address, const std::string& column) {
  if (auto found = pieces.find(address); found != pieces.end()) {
    Draft& draft = drafts[found->second.first];
    Detachable& piece = draft.detachables[found->second.second];
    return {(piece.detached ? piece.apart : draft.entry).get(), piece.phrase};
  }
  Draft* draft = drafts.find(address);
  if (!draft) return {};
  if (address.sub != 0) {
    if (column.empty() || draft->qualified.empty()) return {};
    return {draft->entry.get(), fmt::format("COLUMN {}.{}", draft->qualified, model::quote_ident(column))};
  }
  // The index behind a constraint can carry a comment of its own.
  if (draft->entry->kind == model::Kind::constraint && address.catalog == catalog_oid::relation)
    return {draft->entry.get(), "INDEX " + draft->qualified};
  return {draft->entry.get(), draft->phrase};
}

}  // namespace

void attach_facets(const Session& session, Drafts& drafts) {
  PieceIndex pieces = index_pieces(drafts);
  auto place = [&](const pg::Row& row) {
    return target_of(drafts, pieces, {row.oid(0), row.oid(1), static_cast<std::int32_t>(row.integer(2))}, row.str(4));
  };
  session.connection.stream(std::string(comment_query), [&](const pg::Row& row) {
    Target target = place(row);
    if (!target.entry || target.phrase.empty()) return;
    // initdb's own; a target has it already, and the owner of a database may not be allowed to set it.
    if (target.phrase == "SCHEMA public" && row.text(3) == "standard public schema") return;
    target.entry->comments.push_back({std::move(target.phrase), row.str(3)});
  });
  session.connection.stream(std::string(label_query), [&](const pg::Row& row) {
    Target target = place(row);
    if (target.entry && !target.phrase.empty())
      target.entry->labels.push_back({std::move(target.phrase), row.str(5), row.str(3)});
  });
}

}  // namespace pghaul::catalog
