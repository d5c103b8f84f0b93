// Privileges that were changed on what is not dumped itself: members of extensions, and the system's own objects. They are
// measured against pg_init_privs, which has what the extension's script or initdb left behind, else against the built-in ones.
// Each draft has no text, only an ACL. It has no address either: who needs the object needs the extension.

#include <fmt/format.h>

#include <algorithm>

#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct ChangedPrivileges {
  Address address;
  char type;              // as in acldefault()
  char variety;           // relkind, prokind, typtype; 0 where there is none
  Oid schema;             // 0: outside schemas
  std::string name;
  std::string arguments;  // of routines: input types
  std::string column;
  std::string owner;
  Oid extension;          // 0: the system's own
  Privileges privileges;  // initial: as it was made
};

// public is read with the schemas: its privileges have rules of their own. The many that have no privileges to speak of are left out
// early, by OID alone.
constexpr std::string_view changed_query = R"(
WITH own AS (
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass AS classid, p.oid AS objid, 0 AS sub, 'f'::pg_catalog."char" AS type, p.prokind AS variety,
         p.pronamespace AS schema, p.proname AS name, pg_catalog.oidvectortypes(p.proargtypes) AS arguments, NULL::pg_catalog.name AS col,
         p.proowner AS owner, p.proacl AS acl
    FROM pg_catalog.pg_proc AS p WHERE p.proacl IS NOT NULL OR p.oid IN (SELECT objoid FROM pg_catalog.pg_init_privs)
  UNION ALL
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0, CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::pg_catalog."char", c.relkind,
         c.relnamespace, c.relname, '', NULL, c.relowner, c.relacl
    FROM pg_catalog.pg_class AS c
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND (c.relacl IS NOT NULL OR c.oid IN (SELECT objoid FROM pg_catalog.pg_init_privs))
  UNION ALL
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, a.attnum, 'c', c.relkind, c.relnamespace, c.relname, '', a.attname, c.relowner, a.attacl
    FROM (SELECT attrelid, attnum FROM pg_catalog.pg_attribute WHERE attacl IS NOT NULL
          UNION
          SELECT objoid, objsubid FROM pg_catalog.pg_init_privs
           WHERE classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND objsubid <> 0) AS held(relation, number)
         JOIN pg_catalog.pg_attribute AS a ON a.attrelid = held.relation AND a.attnum = held.number
         JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
   WHERE NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL
  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0, 'T', t.typtype, t.typnamespace, t.typname, '', NULL, t.typowner, t.typacl
    FROM pg_catalog.pg_type AS t WHERE t.typacl IS NOT NULL OR t.oid IN (SELECT objoid FROM pg_catalog.pg_init_privs)
  UNION ALL
  SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, 0, 'n', NULL, 0, n.nspname, '', NULL, n.nspowner, n.nspacl
    FROM pg_catalog.pg_namespace AS n WHERE n.nspname <> 'public'
  UNION ALL
  SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, l.oid, 0, 'l', NULL, 0, l.lanname, '', NULL, l.lanowner, l.lanacl
    FROM pg_catalog.pg_language AS l
  UNION ALL
  SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, w.oid, 0, 'F', NULL, 0, w.fdwname, '', NULL, w.fdwowner, w.fdwacl
    FROM pg_catalog.pg_foreign_data_wrapper AS w
  UNION ALL
  SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, s.oid, 0, 'S', NULL, 0, s.srvname, '', NULL, s.srvowner, s.srvacl
    FROM pg_catalog.pg_foreign_server AS s
), state AS (
  SELECT o.*, COALESCE(i.initprivs, pg_catalog.acldefault(o.type, o.owner)) AS initial,
         COALESCE(o.acl, pg_catalog.acldefault(o.type, o.owner)) AS wanted
    FROM own AS o
         LEFT JOIN pg_catalog.pg_init_privs AS i ON i.classoid = o.classid AND i.objoid = o.objid AND i.objsubid = o.sub
   WHERE o.acl IS NOT NULL OR i.objoid IS NOT NULL
)
SELECT s.classid::pg_catalog.oid, s.objid, s.sub, s.type, s.variety, s.schema, s.name, s.arguments, s.col, s.owner,
       (SELECT d.refobjid FROM pg_catalog.pg_depend AS d
         WHERE d.classid = s.classid AND d.objid = s.objid AND d.objsubid = 0 AND d.deptype = 'e'),
       s.initial::pg_catalog.text[], s.wanted::pg_catalog.text[]
  FROM state AS s
 WHERE s.initial <> s.wanted
 ORDER BY s.classid, s.schema, s.name, s.arguments, s.sub)";

constexpr Oid first_users_oid = 16384;

// Before 17, dropping a role leaves it in pg_init_privs, where it shows as its OID. Nobody can grant to it or take from it.
bool names_a_dropped_role(const Session& session, const std::string& item) {
  model::AclItem parsed = model::parse_acl_item(item);
  auto is_dropped = [&](const std::string& role) {
    if (role.empty() || role.find_first_not_of("0123456789") != std::string::npos) return false;
    return std::none_of(session.roles.begin(), session.roles.end(), [&](const auto& known) { return known.second == role; });
  };
  return is_dropped(parsed.grantee) || is_dropped(parsed.grantor);
}

ChangedPrivileges read(const Session& session, const pg::Row& row) {
  Fields f(row);
  Oid catalog = f.oid(), object = f.oid();
  ChangedPrivileges changed{{catalog, object, static_cast<std::int32_t>(f.integer())}, f.letter(), f.letter(), f.oid(), f.str(), f.str(),
                            f.str(), session.role(f.oid()), f.oid(), f.privileges()};
  for (auto* items : {&changed.privileges.initial, &changed.privileges.wanted})
    std::erase_if(*items, [&](const std::string& item) { return names_a_dropped_role(session, item); });
  return changed;
}

model::Kind kind_of(const ChangedPrivileges& changed) {
  using enum model::Kind;
  switch (changed.type) {
    case 'f': return changed.variety == 'a' ? aggregate : changed.variety == 'p' ? procedure : function;
    case 'n': return schema;
    case 'l': return language;
    case 'F': return foreign_data_wrapper;
    case 'S': return foreign_server;
    case 's': return sequence;
    case 'T':
      switch (changed.variety) {
        case 'e': return enum_type;
        case 'd': return domain;
        case 'c': return composite_type;
        case 'r': return range_type;
        default: return base_type;
      }
    default:
      switch (changed.variety) {
        case 'v': return view;
        case 'm': return materialized_view;
        case 'f': return foreign_table;
        default: return table;
      }
  }
}

std::string object_of(const ChangedPrivileges& changed, const std::string& schema) {
  std::string name = model::qualified(schema, changed.name);
  switch (changed.type) {
    case 'f': return fmt::format("{} {}({})", changed.variety == 'p' ? "PROCEDURE" : "FUNCTION", name, changed.arguments);
    case 'n': return "SCHEMA " + name;
    case 'l': return "LANGUAGE " + name;
    case 'F': return "FOREIGN DATA WRAPPER " + name;
    case 'S': return "FOREIGN SERVER " + name;
    case 's': return "SEQUENCE " + name;
    case 'T': return "TYPE " + name;
    default: return "TABLE " + name;
  }
}

// An extension's member, or the system's own. What initdb grants in information_schema is not recorded as initial, and
// nobody should change it: as pg_dump, we leave it alone.
bool is_of_interest(const Session& session, const ChangedPrivileges& changed) {
  if (changed.extension) return true;
  if (changed.type == 'n') return changed.name == "pg_catalog";
  if (changed.schema) return session.schema(changed.schema) == "pg_catalog";
  return changed.address.object < first_users_oid;
}

Draft emit(const Session& session, const ChangedPrivileges& changed) {
  std::string schema = changed.schema ? session.schema(changed.schema) : "";
  Draft draft;
  draft.entry->kind = kind_of(changed);
  draft.entry->schema = schema;
  draft.entry->name = changed.type == 'f' ? fmt::format("{}({})", changed.name, changed.arguments) : changed.name;
  set_privileges(draft, changed.type, object_of(changed, schema), changed.owner, changed.privileges);
  if (changed.type == 'l') draft.entry->requires_on_target.push_back({model::Requirement::What::language, changed.name, ""});
  if (changed.extension) {
    draft.parent = {catalog_oid::extension, changed.extension};
    draft.needs.push_back(draft.parent);
  }
  return draft;
}

}  // namespace

void read_changed_privileges(const Session& session, Drafts& drafts) {
  Address last;
  DraftId id = 0;
  session.connection.stream(std::string(changed_query), [&](const pg::Row& row) {
    ChangedPrivileges changed = read(session, row);
    if (!is_of_interest(session, changed)) return;
    Draft draft = emit(session, changed);
    if (draft.entry->acls.empty()) return;
    // A relation and its columns come one after another, and make one draft.
    for (model::Acl& acl : draft.entry->acls) acl.column = changed.column.empty() ? "" : model::quote_ident(changed.column);
    Address whole{changed.address.catalog, changed.address.object};
    if (changed.address.sub != 0 && whole == last)
      drafts[id].entry->acls.push_back(std::move(draft.entry->acls.front()));
    else
      id = drafts.add(std::move(draft));
    last = whole;
  });
}

}  // namespace pghaul::catalog::kind
