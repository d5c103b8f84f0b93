// Identity columns: the sequence behind one is made by its column's clause, with all its options.
#include <fmt/format.h>

#include "catalog/kind/table/table.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

constexpr std::string_view kIdentityQuery = R"(
SELECT d.refobjid, d.refobjsubid, n.nspname, c.relname, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
  s.seqtypid = a.atttypid
FROM pg_catalog.pg_depend AS d
JOIN pg_catalog.pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = c.oid
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  AND d.deptype = 'i' AND d.refobjsubid > 0
ORDER BY d.refobjid, d.refobjsubid)";

std::string clause(char identity, Fields& fields) {
  std::string schema = fields.str(), name = fields.str();
  std::string start = fields.str(), step = fields.str(), least = fields.str(), most = fields.str(), cache = fields.str();
  bool cycle = fields.boolean(), of_column_type = fields.boolean();
  // Its limits may be too wide for the column's type: the sequence's own entry sets them, with its type.
  if (!of_column_type)
    return fmt::format("GENERATED {} AS IDENTITY (SEQUENCE NAME {})", identity == 'a' ? "ALWAYS" : "BY DEFAULT", model::qualified(schema, name));
  return fmt::format("GENERATED {} AS IDENTITY (SEQUENCE NAME {} START WITH {} INCREMENT BY {} MINVALUE {} MAXVALUE {} CACHE {}{})",
                     identity == 'a' ? "ALWAYS" : "BY DEFAULT", model::qualified(schema, name), start, step, least, most, cache,
                     cycle ? " CYCLE" : "");
}

}  // namespace

void read_identity(const Session& session, Tables& tables) {
  session.connection.stream(std::string(kIdentityQuery), [&](const pg::Row& row) {
    Fields fields(row);
    Table* table = tables.find(fields.oid());
    std::int64_t number = fields.integer();
    if (!table) return;
    for (Column& column : table->columns)
      if (column.number == number && column.identity) column.identity_clause = clause(column.identity, fields);
  });
}

}  // namespace pghaul::catalog::kind
