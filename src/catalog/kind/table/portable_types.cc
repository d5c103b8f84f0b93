// See portable_types.h. An allowlist, because the rest carries OIDs (regclass, composites, arrays of user-defined types), depends
// on settings (money, xml), or belongs to an extension that may change it.
#include "catalog/kind/table/portable_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "catalog/kind/table/relation.h"

namespace pghaul::catalog::kind {

namespace {

constexpr Oid kFirstUserType = 16384;

// OIDs of built-in types (pg_type; the same in every release), ascending.
constexpr std::array<Oid, 30> kAllowed = {
    16,    // boolean
    17,    // bytea
    18,    // "char"
    19,    // name
    20,    // bigint
    21,    // smallint
    23,    // integer
    25,    // text
    26,    // oid
    114,   // json
    650,   // cidr
    700,   // real
    701,   // double precision
    774,   // macaddr8
    829,   // macaddr
    869,   // inet
    1042,  // character
    1043,  // character varying
    1082,  // date
    1083,  // time
    1114,  // timestamp
    1184,  // timestamptz
    1186,  // interval
    1266,  // timetz
    1560,  // bit
    1562,  // bit varying
    1700,  // numeric
    2950,  // uuid
    3220,  // pg_lsn
    3802,  // jsonb
};

// Row types are left out: there is one of them, and an array of it, for every table. {multirange}: server 14.
constexpr std::string_view kTypesQuery = R"(
SELECT t.oid, t.typtype, t.typcategory = 'A' AND t.typlen = -1 AND t.typelem <> 0,
  CASE t.typtype WHEN 'd' THEN t.typbasetype WHEN 'r' THEN r.rngsubtype {multirange} ELSE t.typelem END
FROM pg_catalog.pg_type AS t
LEFT JOIN pg_catalog.pg_range AS r ON {join}
WHERE t.typtype IN ('b', 'd', 'e', 'r', 'm') AND NOT (t.typcategory = 'A' AND t.oid >= {first}))";

}  // namespace

PortableTypes::PortableTypes(const Session& session) {
  bool multirange = session.at_least(14);
  std::string query = fmt::format(kTypesQuery, fmt::arg("multirange", multirange ? "WHEN 'm' THEN r.rngsubtype" : ""),
                                  fmt::arg("join", multirange ? "t.oid IN (r.rngtypid, r.rngmultitypid)" : "r.rngtypid = t.oid"),
                                  fmt::arg("first", kFirstUserType));
  session.connection.stream(query, [&](const pg::Row& row) {
    types_.emplace(row.oid(0), Type{row.letter(1), row.oid(3), row.boolean(2)});
  });
}

bool PortableTypes::contains(Oid type) const {
  for (int depth = 0; depth < 64; ++depth) {  // domains over domains over arrays over ...
    if (std::binary_search(kAllowed.begin(), kAllowed.end(), type)) return true;
    auto found = types_.find(type);
    if (found == types_.end()) return false;
    const Type& known = found->second;
    if (known.type == 'e') return true;
    bool goes_on = known.type == 'd' || known.type == 'r' || known.type == 'm' || (known.array && type < kFirstUserType);
    if (!goes_on) return false;
    // An array's binary form names its element type by OID.
    if (known.array && known.type == 'b' && known.base >= kFirstUserType) return false;
    type = known.base;
  }
  return false;
}

}  // namespace pghaul::catalog::kind
