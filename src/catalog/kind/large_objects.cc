// LARGE OBJECT, in groups with one owner and one set of privileges, and the contents of all of them as one data entry.
// One with a comment or label is a group by itself. Both kinds are data, as they are to pg_dump.
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct LargeObject {
  Oid oid = 0;
  std::string owner;
  bool described = false;
  std::string acl_text;  // groups: equal text, equal privileges
  Privileges privileges;
};

constexpr std::size_t kGroupSize = 1000;

constexpr std::string_view kLargeObjectsQuery = R"(
SELECT m.oid, m.lomowner, d.objoid IS NOT NULL OR l.objoid IS NOT NULL, m.lomacl::pg_catalog.text,
  pg_catalog.acldefault('L', m.lomowner), m.lomacl
FROM pg_catalog.pg_largeobject_metadata AS m
LEFT JOIN pg_catalog.pg_description AS d
  ON d.classoid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass AND d.objoid = m.oid AND d.objsubid = 0
LEFT JOIN (SELECT DISTINCT objoid FROM pg_catalog.pg_seclabel
           WHERE classoid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass) AS l ON l.objoid = m.oid
ORDER BY m.lomowner, m.lomacl::pg_catalog.text, m.oid)";

// Rows (loid oid, offset bigint, data bytea) in pieces of 256 KiB; an empty object has one row with no bytes. It needs no more than
// SELECT on each object: the size comes from opening it for reading (262144, INV_READ), seeking to its end (2, SEEK_END)
// and closing it again, in this order and once an object: OFFSET 0 keeps the steps apart.
constexpr std::string_view kContents = R"((SELECT m.oid AS loid, piece AS "offset", pg_catalog.lo_get(m.oid, piece, 262144) AS data
FROM pg_catalog.pg_largeobject_metadata AS m
CROSS JOIN LATERAL (
  SELECT seen.size, pg_catalog.lo_close(seen.fd) AS closed
  FROM (SELECT opened.fd, pg_catalog.lo_lseek64(opened.fd, 0, 2) AS size
        FROM (SELECT pg_catalog.lo_open(m.oid, 262144) AS fd OFFSET 0) AS opened OFFSET 0) AS seen OFFSET 0) AS object
CROSS JOIN LATERAL pg_catalog.generate_series(object.closed::pg_catalog.int8, GREATEST(object.size - 1, 0), 262144) AS piece))";

LargeObject read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  LargeObject object;
  object.oid = fields.oid();
  object.owner = session.role(fields.oid());
  object.described = fields.boolean();
  object.acl_text = fields.str();
  object.privileges = fields.privileges();
  return object;
}

bool same_group(const LargeObject& a, const LargeObject& b) {
  return a.owner == b.owner && a.acl_text == b.acl_text && a.privileges.is_default == b.privileges.is_default && !a.described && !b.described;
}

Draft emit(const std::vector<LargeObject>& group) {
  const LargeObject& first = group.front();
  Draft draft;
  draft.address = {catalog_oid::large_object, first.oid, 0};  // only comments and labels ask for one, which is a group then
  std::string oids, spaced;
  for (const LargeObject& object : group) {
    std::string number = std::to_string(object.oid);
    oids += (oids.empty() ? "" : ",") + number;
    spaced += (spaced.empty() ? "" : ", ") + number;
    draft.entry->owner_objects.push_back("LARGE OBJECT " + number);
  }
  if (group.size() == 1) draft.phrase = "LARGE OBJECT " + oids;
  draft.entry->kind = model::Kind::large_object;
  draft.entry->section = model::Section::data;  // all of it: without its contents it is nothing
  draft.entry->name = std::to_string(first.oid) + (group.size() == 1 ? "" : ".." + std::to_string(group.back().oid));
  draft.rank_name = fmt::format("{:010}", first.oid);
  draft.entry->owner = first.owner;
  draft.entry->drop_sql = "SELECT pg_catalog.lo_unlink(o) FROM pg_catalog.unnest('{" + oids + "}'::pg_catalog.oid[]) AS o";
  draft.text = {"SELECT pg_catalog.lo_create(o) FROM pg_catalog.unnest('{" + oids + "}'::pg_catalog.oid[]) AS o"};
  set_privileges(draft, 'L', "LARGE OBJECT " + spaced, first.owner, first.privileges);
  return draft;
}

Draft emit_contents(std::vector<DraftId> groups, std::uint64_t objects, std::uint64_t bytes) {
  Draft draft;
  draft.after = std::move(groups);
  draft.entry->kind = model::Kind::large_object_data;
  draft.entry->section = model::Section::data;
  draft.entry->name = "large objects";
  draft.entry->size = bytes;
  model::DataSpec spec;
  spec.load = model::DataSpec::Load::large_objects;
  spec.format = model::CopyFormat::binary;
  spec.binary_allowed = true;
  spec.source = kContents;
  spec.bytes = bytes;
  spec.rows = std::max<std::uint64_t>(objects, bytes / 262144);
  draft.entry->data = std::move(spec);
  return draft;
}

}  // namespace

void read_large_objects(const Session& session, Drafts& drafts) {
  std::vector<DraftId> groups;
  std::vector<LargeObject> group;
  std::uint64_t objects = 0;
  auto finish = [&] {
    if (!group.empty()) groups.push_back(drafts.add(emit(group)));
    group.clear();
  };
  session.connection.stream(std::string(kLargeObjectsQuery), [&](const pg::Row& row) {
    LargeObject object = read(session, row);
    if (!group.empty() && (group.size() >= kGroupSize || !same_group(group.back(), object))) finish();
    group.push_back(std::move(object));
    ++objects;
  });
  finish();
  if (groups.empty()) return;
  std::string bytes = session.connection.scalar("SELECT pg_catalog.pg_relation_size('pg_catalog.pg_largeobject')");
  drafts.add(emit_contents(std::move(groups), objects, std::stoull(bytes)));
}

}  // namespace pghaul::catalog::kind
