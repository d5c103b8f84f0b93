// What the kinds of relations and of their parts share: the addresses of things that the catalog has no address for (the
// rows of a table, an attachment), the text of storage parameters, requirements, and who inherits from whom.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog/draft.h"
#include "catalog/drafting.h"
#include "catalog/session.h"

namespace pghaul::catalog::kind {

// Objects that initdb makes have smaller OIDs (FirstNormalObjectId); queries leave those out before any text is made.
inline constexpr std::string_view kFirstUserOid = "16384";

// Addresses of what belongs to a relation and has none in the catalog. Drafts::find falls back to the relation itself
// when there is no such draft: a partitioned table has no rows of its own, a plain index is attached to nothing.
Address rows_of(Oid relation);              // table_data, sequence_value, materialized_view_data
Address attachment_of(Oid relation);        // table_attach, index_attach
Address sequence_owner_of(Oid sequence);
Address replica_identity_of(Oid table);
Address cluster_mark_of(Oid table);
Address row_security_of(Oid table);
Address relation_at(Oid relation);

// "fillfactor='70', toast.autovacuum_enabled='off'" from reloptions of a relation and of its TOAST table; "" for none.
std::string storage_parameters(const std::vector<std::string>& options, const std::vector<std::string>& toast = {});
// The same in a clause: " WITH (...)"; "" for none.
std::string with_clause(const std::vector<std::string>& options, const std::vector<std::string>& toast = {});

// Without what the server keeps there for itself: pg_attver, a column's version, in minor releases since late 2026.
std::vector<std::string> users_column_options(std::vector<std::string> options);

// An expression as pg_get_expr, pg_get_viewdef and pg_get_ruledef print it, without the final semicolon.
std::string without_semicolon(std::string text);

// The statement that the entry makes needs this server version.
void require_version(model::Entry& entry, int major, std::string feature);
// Sets the facet, and the requirement on the target; "" leaves both.
void set_tablespace(model::Entry& entry, std::string tablespace);

// SQL for what it costs to scan a table of the source, or to build one of its indexes, in bytes of rows loaded meanwhile. table and
// index are aliases of pg_class, access_method of pg_am. Measured, roughly: a GIN of jsonb costs ten times its size, a btree twice.
// Sizes are pg_class.relpages where there is such a count: pg_relation_size() opens the relation, which is felt with many tables.
std::string scan_work(std::string_view table);
std::string index_work(std::string_view table, std::string_view index, std::string_view access_method);
// SQL for Entry::sort_bytes: in memory a key of a btree takes about twice its place on disk (tuple and sort header).
std::string index_sort(std::string_view index, std::string_view access_method);
// SQL for the statistics targets of an index's expressions, the only columns of an index that can have one: NULL, or an array with items
// such as "2=500". index is an alias of pg_index.
std::string index_targets(std::string_view index);

// Privileges on single columns, for the drafts of relations of these kinds that are there: relkinds is "'r', 'p', 'f'".
void attach_column_acls(const Session& session, Drafts& drafts, std::string_view relkinds);

// pg_inherits, from parents to children, for tables (relkinds "'r', 'p', 'f'") or indexes ("'i', 'I'").
class Descendants {
 public:
  Descendants(const Session& session, std::string_view relkinds);
  // Children and their children; not the relation itself.
  std::vector<Oid> below(Oid relation) const;

 private:
  std::unordered_map<Oid, std::vector<Oid>> children_;
};

}  // namespace pghaul::catalog::kind
