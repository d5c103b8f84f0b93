// SEQUENCE, its OWNED BY and its value, each an entry. The sequence behind an identity column is created by its table's
// entry; here it is an entry without create text, for its comment and privileges, and for what depends on it.
#include <fmt/format.h>


#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct Sequence {
  Oid oid = 0;
  std::string schema, name, qualified, owner, type;
  char persistence = 'p';
  std::string start, step, least, most, cache;
  bool cycle = false, called = false;
  std::string last_value;      // "": not read yet
  Oid table = 0;               // the table whose column owns it
  std::string owner_column;    // 'public.orders.id'
  bool identity = false;
  bool readable = true;        // a dump that takes its value has found out before
  char table_persistence = 0;
  std::string column_type;
  Oid extension = 0;           // an extension's configuration sequence: only its value is carried
  Privileges privileges;
};

// pg_sequence_last_value is NULL for a sequence that was never called (and, rarely, for one that may not be used).
constexpr std::string_view kSequencesQuery = R"(
SELECT c.oid, c.relnamespace, c.relname, c.relowner, pg_catalog.format_type(s.seqtypid, NULL), c.relpersistence,
  s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
  d.refobjid, pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(t.relname) || '.' || pg_catalog.quote_ident(a.attname),
  d.deptype = 'i', t.relpersistence, pg_catalog.format_type(a.atttypid, NULL), {value}, x.oid,
  pg_catalog.has_sequence_privilege(c.oid, 'SELECT') AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE'),
  pg_catalog.acldefault('s', c.relowner), c.relacl
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = c.oid
LEFT JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.objsubid = 0
  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid
LEFT JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
LEFT JOIN pg_catalog.pg_extension AS x ON c.oid = ANY (x.extconfig)
WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND c.oid >= {first}
ORDER BY c.oid)";
constexpr std::string_view kValueUpTo17 =
    "CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') THEN pg_catalog.pg_sequence_last_value(c.oid) END, true";
constexpr std::string_view kValue18 =
    "(pg_catalog.pg_get_sequence_data(c.oid)).last_value, (pg_catalog.pg_get_sequence_data(c.oid)).is_called";

constexpr std::size_t kBatch = 500;  // sequences whose row is read by one query

Sequence read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Sequence sequence;
  sequence.oid = fields.oid();
  sequence.schema = session.schema(fields.oid());
  sequence.name = fields.str();
  sequence.qualified = model::qualified(sequence.schema, sequence.name);
  sequence.owner = session.role(fields.oid());
  sequence.type = fields.str();
  sequence.persistence = fields.letter();
  sequence.start = fields.str();
  sequence.step = fields.str();
  sequence.least = fields.str();
  sequence.most = fields.str();
  sequence.cache = fields.str();
  sequence.cycle = fields.boolean();
  sequence.table = fields.oid();
  sequence.owner_column = fields.str();
  sequence.identity = fields.boolean();
  sequence.table_persistence = fields.letter();
  sequence.column_type = fields.str();
  sequence.last_value = fields.str();
  sequence.called = fields.boolean();
  sequence.extension = fields.oid();
  sequence.readable = fields.boolean();
  sequence.privileges = fields.privileges();
  return sequence;
}

// Reads last_value and is_called of the sequences that the bulk query could not tell, many in one statement.
void read_missing_values(const Session& session, std::vector<Sequence>& sequences) {
  std::vector<Sequence*> missing;
  for (Sequence& sequence : sequences)
    if (sequence.last_value.empty() && sequence.readable) missing.push_back(&sequence);
  for (std::size_t begin = 0; begin < missing.size(); begin += kBatch) {
    std::string query;
    for (std::size_t i = begin; i < std::min(begin + kBatch, missing.size()); ++i)
      query += fmt::format("{}SELECT {} AS place, last_value, is_called FROM {}", query.empty() ? "" : "\nUNION ALL ", i, missing[i]->qualified);
    session.connection.stream(query, [&](const pg::Row& row) {
      Sequence& sequence = *missing.at(static_cast<std::size_t>(row.integer(0)));
      sequence.last_value = row.str(1);
      sequence.called = row.boolean(2);
    });
  }
}

std::string limits(const Sequence& sequence) {
  return fmt::format("AS {} START WITH {} INCREMENT BY {} MINVALUE {} MAXVALUE {} CACHE {}{}", sequence.type, sequence.start, sequence.step,
                     sequence.least, sequence.most, sequence.cache, sequence.cycle ? " CYCLE" : "");
}

std::string create_text(const Sequence& sequence) {
  return fmt::format("CREATE {}SEQUENCE {} {}", sequence.persistence == 'u' ? "UNLOGGED " : "", sequence.qualified, limits(sequence));
}

// What an identity column's clause cannot say of its sequence.
void write_identity(const Sequence& sequence, Draft& draft) {
  if (sequence.type != sequence.column_type) draft.text = {fmt::format("ALTER SEQUENCE {} {} RESTART", sequence.qualified, limits(sequence))};
  if (sequence.persistence == sequence.table_persistence) return;
  bool logged = sequence.persistence != 'u';  // as all were before 15
  draft.entry->extras.push_back({logged ? model::Extra::Policy::later : model::Extra::Policy::always,
                                fmt::format("ALTER SEQUENCE {} SET {}", sequence.qualified, logged ? "LOGGED" : "UNLOGGED")});
}

Draft emit(const Sequence& sequence) {
  Draft draft = start_draft(model::Kind::sequence, relation_at(sequence.oid), sequence.schema, sequence.name, "SEQUENCE " + sequence.qualified);
  draft.qualified = sequence.qualified;
  draft.entry->unlogged = sequence.persistence == 'u';
  if (sequence.table) draft.parent = relation_at(sequence.table);
  set_owner(draft, sequence.owner);
  set_privileges(draft, 's', "SEQUENCE " + sequence.qualified, sequence.owner, sequence.privileges);
  if (sequence.identity) {
    write_identity(sequence, draft);
    draft.entry->owner_objects.clear();  // the table's
    draft.entry->drop_sql.clear();
    draft.needs = {relation_at(sequence.table)};
  } else {
    draft.text = {create_text(sequence)};
  }
  if (sequence.persistence == 'u') require_version(*draft.entry, 15, "the unlogged sequence " + sequence.qualified);
  return draft;
}

Draft emit_owner(const Sequence& sequence) {
  Draft draft;
  draft.address = sequence_owner_of(sequence.oid);
  draft.parent = relation_at(sequence.table);
  draft.needs = {relation_at(sequence.oid), relation_at(sequence.table)};
  draft.entry->kind = model::Kind::sequence_owner;
  draft.entry->schema = sequence.schema;
  draft.entry->name = sequence.name;
  draft.entry->owner = sequence.owner;
  draft.entry->drop_sql = "ALTER SEQUENCE " + sequence.qualified + " OWNED BY NONE";
  draft.text = {"ALTER SEQUENCE " + sequence.qualified + " OWNED BY " + sequence.owner_column};
  return draft;
}

Draft emit_value(const Sequence& sequence) {
  Draft draft;
  draft.address = rows_of(sequence.oid);
  draft.parent = relation_at(sequence.oid);
  if (sequence.extension) draft.parent = {catalog_oid::extension, sequence.extension, 0};
  draft.needs = {draft.parent};
  draft.locks = {{relation_at(sequence.oid), model::LockMode::row_exclusive}};
  draft.entry->kind = model::Kind::sequence_value;
  draft.entry->section = model::Section::data;
  draft.entry->schema = sequence.schema;
  draft.entry->name = sequence.name;
  draft.entry->owner = sequence.owner;
  draft.text = {fmt::format("SELECT pg_catalog.setval({}, {}, {})", model::quote_literal(sequence.qualified), sequence.last_value,
                            sequence.called ? "true" : "false")};
  return draft;
}

}  // namespace

void read_sequences(const Session& session, Drafts& drafts) {
  std::vector<Sequence> sequences;
  std::string query = fmt::format(kSequencesQuery, fmt::arg("value", session.at_least(18) ? kValue18 : kValueUpTo17),
                                  fmt::arg("first", kFirstUserOid));
  session.connection.stream(query, [&](const pg::Row& row) {
    Sequence sequence = read(session, row);
    if (session.is_users(catalog_oid::relation, row.oid(0), row.oid(1)))
      sequence.extension = 0;
    else if (!sequence.extension)
      return;
    sequences.push_back(std::move(sequence));
  });
  read_missing_values(session, sequences);
  for (const Sequence& sequence : sequences) {
    if (!sequence.extension) {
      drafts.add(emit(sequence));
      if (sequence.table && !sequence.identity) drafts.add(emit_owner(sequence));
    }
    if (sequence.readable) drafts.add(emit_value(sequence));
  }
}

}  // namespace pghaul::catalog::kind
