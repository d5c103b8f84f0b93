#include "catalog/known.h"

#include "base/error.h"

namespace pghaul::catalog {
namespace {

// What it is, its name, the column, the letter.
constexpr std::string_view kUnknownQuery = R"(
SELECT 'relation', c.oid::pg_catalog.regclass::pg_catalog.text, 'relkind', c.relkind FROM pg_catalog.pg_class AS c
WHERE c.oid >= 16384 AND c.relkind NOT IN ('r', 'i', 'S', 't', 'v', 'm', 'c', 'f', 'p', 'I')
UNION ALL
SELECT 'relation', c.oid::pg_catalog.regclass::pg_catalog.text, 'relpersistence', c.relpersistence FROM pg_catalog.pg_class AS c
WHERE c.oid >= 16384 AND c.relpersistence NOT IN ('p', 'u', 't')
UNION ALL
SELECT 'column', a.attrelid::pg_catalog.regclass::pg_catalog.text || '.' || pg_catalog.quote_ident(a.attname), l.name, l.letter
FROM pg_catalog.pg_attribute AS a
CROSS JOIN LATERAL (VALUES ('attidentity', a.attidentity, a.attidentity IN ('', 'a', 'd')), ('attgenerated', a.attgenerated, a.attgenerated IN ('', 's', 'v')),
                           ('attstorage', a.attstorage, a.attstorage IN ('p', 'e', 'm', 'x'))) AS l(name, letter, known)
WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT l.known
  AND (a.attidentity NOT IN ('', 'a', 'd') OR a.attgenerated NOT IN ('', 's', 'v') OR a.attstorage NOT IN ('p', 'e', 'm', 'x'))
UNION ALL
SELECT 'type', t.oid::pg_catalog.regtype::pg_catalog.text, 'typtype', t.typtype FROM pg_catalog.pg_type AS t
WHERE t.oid >= 16384 AND t.typtype NOT IN ('b', 'c', 'd', 'e', 'p', 'r', 'm')
UNION ALL
SELECT 'function', p.oid::pg_catalog.regprocedure::pg_catalog.text, l.name, l.letter FROM pg_catalog.pg_proc AS p
CROSS JOIN LATERAL (VALUES ('prokind', p.prokind, p.prokind IN ('f', 'p', 'a', 'w')), ('provolatile', p.provolatile, p.provolatile IN ('i', 's', 'v')),
                           ('proparallel', p.proparallel, p.proparallel IN ('s', 'r', 'u'))) AS l(name, letter, known)
WHERE p.oid >= 16384 AND NOT l.known
UNION ALL
SELECT 'constraint', pg_catalog.quote_ident(k.conname), 'contype', k.contype FROM pg_catalog.pg_constraint AS k
WHERE k.oid >= 16384 AND k.contype NOT IN ('c', 'f', 'n', 'p', 'u', 't', 'x')
UNION ALL
SELECT 'trigger', pg_catalog.quote_ident(g.tgname) || ' on ' || g.tgrelid::pg_catalog.regclass::pg_catalog.text, 'tgenabled', g.tgenabled
FROM pg_catalog.pg_trigger AS g WHERE g.oid >= 16384 AND g.tgenabled NOT IN ('O', 'D', 'R', 'A')
UNION ALL
SELECT 'rule', pg_catalog.quote_ident(r.rulename) || ' on ' || r.ev_class::pg_catalog.regclass::pg_catalog.text, 'ev_enabled', r.ev_enabled
FROM pg_catalog.pg_rewrite AS r WHERE r.oid >= 16384 AND r.ev_enabled NOT IN ('O', 'D', 'R', 'A')
UNION ALL
SELECT 'policy', pg_catalog.quote_ident(o.polname) || ' on ' || o.polrelid::pg_catalog.regclass::pg_catalog.text, 'polcmd', o.polcmd
FROM pg_catalog.pg_policy AS o WHERE o.polcmd NOT IN ('r', 'a', 'w', 'd', '*'))";

}  // namespace

void check_known(const Session& session) {
  std::string unknown;
  session.connection.stream(std::string(kUnknownQuery), [&](const pg::Row& row) {
    unknown += "\n  " + row.str(0) + " " + printable(row.str(1)) + ": " + row.str(2) + " '" + printable(row.str(3)) + "'";
  });
  if (unknown.empty()) return;
  throw Error(Fault::unsupported, "the catalog has what no version of PostgreSQL from 13 to 18 knows:" + unknown)
      .hint("the catalog is damaged, or the server is another product; nothing was read");
}

}  // namespace pghaul::catalog
