#include "catalog/kinds.h"

namespace pghaul::catalog {
namespace {

// Rank order. Dependencies decide what must precede what; the rank decides among entries that could go in any order, so
// that an archive reads like a well-written script and does not change with OIDs:
//   what belongs to the server, then containers (schemas, extensions), then what tables are made of (types, routines, operators, text search),
//   then tables and what hangs on them, then their data, then what is dearer or wrong to have before the data
//   (indexes, constraints, triggers, rules), and last what reacts to or publishes changes.
constexpr KindReader all_kinds[] = {
    {"roles and tablespaces", kind::read_globals},
    {"the database", kind::read_database},
    {"schemas", kind::read_schemas},
    {"extensions", kind::read_extensions},
    {"languages", kind::read_languages},
    {"access methods", kind::read_access_methods},
    {"collations", kind::read_collations},
    {"base types", kind::read_base_types},
    {"enum types", kind::read_enum_types},
    {"composite types", kind::read_composite_types},
    {"range types", kind::read_range_types},
    {"domains", kind::read_domains},
    {"functions", kind::read_functions},
    {"aggregates", kind::read_aggregates},
    {"operators", kind::read_operators},
    {"operator families", kind::read_operator_families},
    {"operator classes", kind::read_operator_classes},
    {"casts", kind::read_casts},
    {"conversions", kind::read_conversions},
    {"transforms", kind::read_transforms},
    {"text search", kind::read_text_search},
    {"foreign data", kind::read_foreign_data},
    {"changed privileges", kind::read_changed_privileges},
    {"tables", kind::read_tables},
    {"sequences", kind::read_sequences},
    {"views", kind::read_views},
    {"materialized views", kind::read_materialized_views},
    {"table data", kind::read_table_data},
    {"large objects", kind::read_large_objects},
    {"indexes", kind::read_indexes},
    {"constraints", kind::read_constraints},
    {"foreign keys", kind::read_foreign_keys},
    {"triggers", kind::read_triggers},
    {"rules", kind::read_rules},
    {"policies", kind::read_policies},
    {"extended statistics", kind::read_extended_statistics},
    {"event triggers", kind::read_event_triggers},
    {"publications", kind::read_publications},
    {"subscriptions", kind::read_subscriptions},
    {"default privileges", kind::read_default_acls},
};

}  // namespace

std::span<const KindReader> kinds() { return all_kinds; }

}  // namespace pghaul::catalog
