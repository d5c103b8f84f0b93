// PUBLICATION, and its tables and schemas, each an entry of its own as they are objects of their own in the catalog.
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct Publication {
  Oid oid = 0;
  std::string name, owner;
  bool all_tables = false, via_root = false;
  bool insert = false, update = false, remove = false, truncate = false;
  char generated_columns = 'n';  // 's': stored ones are published
};

struct Member {  // a table or a schema of a publication
  Oid oid = 0, publication = 0, object = 0;
  std::string publication_name, owner;
  std::string schema, table, columns, condition;
};

// {generated}: server 18.
constexpr std::string_view kPublicationsQuery = R"(
SELECT p.oid, p.pubname, p.pubowner, p.puballtables, p.pubviaroot, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, {generated}
FROM pg_catalog.pg_publication AS p
ORDER BY p.pubname)";

// {columns}, {condition}: server 15.
constexpr std::string_view kTablesQuery = R"(
SELECT r.oid, r.prpubid, r.prrelid, p.pubname, p.pubowner, t.relnamespace, t.relname, {columns}, {condition}
FROM pg_catalog.pg_publication_rel AS r
JOIN pg_catalog.pg_publication AS p ON p.oid = r.prpubid
JOIN pg_catalog.pg_class AS t ON t.oid = r.prrelid
ORDER BY p.pubname, r.oid)";
constexpr std::string_view kColumns15 = R"((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY k.place)
   FROM pg_catalog.unnest(r.prattrs::pg_catalog.int2[]) WITH ORDINALITY AS k (number, place)
   JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.prrelid AND a.attnum = k.number))";
constexpr std::string_view kCondition15 = "pg_catalog.pg_get_expr(r.prqual, r.prrelid)";

constexpr std::string_view kSchemasQuery15 = R"(
SELECT s.oid, s.pnpubid, s.pnnspid, p.pubname, p.pubowner, s.pnnspid
FROM pg_catalog.pg_publication_namespace AS s
JOIN pg_catalog.pg_publication AS p ON p.oid = s.pnpubid
ORDER BY p.pubname, s.oid)";

Publication read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Publication publication;
  publication.oid = fields.oid();
  publication.name = fields.str();
  publication.owner = session.role(fields.oid());
  publication.all_tables = fields.boolean();
  publication.via_root = fields.boolean();
  publication.insert = fields.boolean();
  publication.update = fields.boolean();
  publication.remove = fields.boolean();
  publication.truncate = fields.boolean();
  publication.generated_columns = fields.letter();
  return publication;
}

Member read_member(const Session& session, const pg::Row& row, bool is_table) {
  Fields fields(row);
  Member member;
  member.oid = fields.oid();
  member.publication = fields.oid();
  member.object = fields.oid();
  member.publication_name = fields.str();
  member.owner = session.role(fields.oid());
  member.schema = session.schema(fields.oid());
  if (!is_table) return member;
  member.table = fields.str();
  member.columns = fields.str();
  member.condition = fields.str();
  return member;
}

Draft emit(const Publication& publication) {
  Draft draft = start_draft(model::Kind::publication, {catalog_oid::publication, publication.oid, 0}, "", publication.name,
                            "PUBLICATION " + model::quote_ident(publication.name));
  draft.entry->section = model::Section::post_data;
  draft.entry->late = true;
  set_owner(draft, publication.owner);
  std::vector<std::string> published;
  if (publication.insert) published.push_back("insert");
  if (publication.update) published.push_back("update");
  if (publication.remove) published.push_back("delete");
  if (publication.truncate) published.push_back("truncate");
  std::string options = "publish = '" + joined(published) + "'";
  if (publication.via_root) options += ", publish_via_partition_root = true";
  if (publication.generated_columns == 's') {
    options += ", publish_generated_columns = stored";
    require_version(*draft.entry, 18, "publish_generated_columns of " + draft.phrase);
  }
  draft.text = {"CREATE " + draft.phrase + (publication.all_tables ? " FOR ALL TABLES" : "") + " WITH (" + options + ")"};
  return draft;
}

Draft start_member(const Member& member, model::Kind kind, Address address, const std::string& object) {
  Draft draft;
  std::string alter = "ALTER PUBLICATION " + model::quote_ident(member.publication_name);
  draft.address = address;
  draft.needs = {{catalog_oid::publication, member.publication, 0}};
  draft.entry->kind = kind;
  draft.entry->section = model::Section::post_data;
  draft.entry->late = true;
  draft.entry->schema = member.schema;
  draft.entry->owner = member.owner;
  draft.entry->drop_sql = alter + " DROP " + object;
  draft.text = {alter + " ADD " + object};
  return draft;
}

Draft emit_table(const Member& member) {
  std::string qualified = model::qualified(member.schema, member.table);
  Draft draft = start_member(member, model::Kind::publication_table, {catalog_oid::publication_rel, member.oid, 0}, "TABLE ONLY " + qualified);
  draft.entry->name = member.publication_name + " " + member.table;
  draft.parent = relation_at(member.object);
  draft.locks = {{relation_at(member.object), model::LockMode::share_update_exclusive}};
  if (!member.columns.empty()) draft.text.front() += " (" + member.columns + ")";
  if (!member.condition.empty()) draft.text.front() += " WHERE (" + member.condition + ")";
  if (!member.columns.empty() || !member.condition.empty())
    require_version(*draft.entry, 15, "the column list or row filter of table " + qualified + " in publication " + member.publication_name);
  return draft;
}

Draft emit_schema(const Member& member) {
  Draft draft = start_member(member, model::Kind::publication_schema, {catalog_oid::publication_namespace, member.oid, 0},
                             "TABLES IN SCHEMA " + model::quote_ident(member.schema));
  draft.entry->name = member.publication_name + " " + member.schema;
  require_version(*draft.entry, 15, "TABLES IN SCHEMA of publication " + member.publication_name);
  return draft;
}

}  // namespace

void read_publications(const Session& session, Drafts& drafts) {
  bool has_schemas = session.at_least(15);
  session.connection.stream(fmt::format(kPublicationsQuery, fmt::arg("generated", session.at_least(18) ? "p.pubgencols" : "'n'")),
                            [&](const pg::Row& row) {
                              Publication publication = read(session, row);
                              if (!session.extension_members.contains({catalog_oid::publication, publication.oid, 0}))
                                drafts.add(emit(publication));
                            });
  std::string tables = fmt::format(kTablesQuery, fmt::arg("columns", has_schemas ? kColumns15 : "NULL"),
                                   fmt::arg("condition", has_schemas ? kCondition15 : "NULL"));
  session.connection.stream(tables, [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::relation, row.oid(2), row.oid(5))) drafts.add(emit_table(read_member(session, row, true)));
  });
  if (!has_schemas) return;
  session.connection.stream(std::string(kSchemasQuery15), [&](const pg::Row& row) {
    if (session.is_users(catalog_oid::namespace_, row.oid(2), row.oid(2))) drafts.add(emit_schema(read_member(session, row, false)));
  });
}

}  // namespace pghaul::catalog::kind
