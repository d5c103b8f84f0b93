// What of a database is wanted, and the smaller Inventory that holds just that. Pure: the same at dump, copy, restore and verify.
//
// The rules are pg_dump 17's: -t takes tables with all that belongs to them and nothing else; -n takes all that is in
// schemas; without either everything is taken but what is excluded; what stands outside of schemas (extensions, casts,
// languages, foreign servers, publications ...) only comes when nothing is included by name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/inventory.h"
#include "model/pattern.h"

namespace pghaul::model {

struct Where {
  Pattern table;
  std::string condition;  // SQL, over the table's columns
  bool operator==(const Where&) const = default;
};

struct Selection {
  std::vector<Pattern> schemas, excluded_schemas;
  std::vector<Pattern> tables, tables_and_children;
  std::vector<Pattern> excluded_tables, excluded_tables_and_children;
  std::vector<Pattern> excluded_data, excluded_data_and_children;
  std::vector<Pattern> extensions, excluded_extensions;
  std::vector<Pattern> foreign_data;        // servers whose foreign tables' rows are taken
  bool any_foreign_data = false;            // of all servers: what an archive has was asked for when it was dumped
  std::vector<Where> where;

  bool pre_data = true, data = true, post_data = true;  // sections
  bool sequence_data = false;               // values of sequences are taken even without the data section
  bool refreshes = true;                    // REFRESH of materialized views: not with --schema-only or --data-only
  std::optional<bool> large_objects;        // none: as it follows from the rest
  bool unlogged_data = true;
  bool publications = true, subscriptions = true, policies = true;

  // Facets that are taken off. A restore leaves them on and does not apply them.
  bool owners = true, privileges = true, comments = true, security_labels = true;
  bool tablespaces = true, table_access_method = true, toast_compression = true;

  std::optional<std::vector<EntryId>> list;  // --use-list: just these, in this order where dependencies allow
  bool with_dependencies = false;            // what the selected things need is taken along
  bool strict_names = false;                 // each including pattern must match something

  bool operator==(const Selection&) const = default;  // one that no option has touched, Selection{}, takes everything
  bool includes_by_name() const { return !schemas.empty() || !tables.empty() || !tables_and_children.empty() || !extensions.empty(); }
};

// As describe() names them; what is needed is told once, with the first that needs it.
struct Missing {
  std::string needed, by;
};

struct Selected {
  Inventory inventory;          // entries renumbered; order and dependencies consistent, through what is left out too
  std::vector<EntryId> from;    // from[i]: the id in the whole inventory of entries[i]
  std::vector<Missing> missing; // left out by name, though needed: the entries require them on the target
};

// What is kept is moved, not copied: the catalog of many tables is large.
// Throws Error(preflight) when a pattern that must match something does not; Error(usage) for a list that names no entry.
Selected select(Inventory whole, const Selection& selection);

// For the other side of a comparison: patterns may match nothing there.
Selected select_leniently(Inventory whole, const Selection& selection);

// "TYPE public.mood (needed by TABLE public.persons)", one a line.
std::string to_text(const std::vector<Missing>& missing, std::size_t at_most);

}  // namespace pghaul::model
