// The kinds that a catalog is read by, in rank order; kinds.cc gives the reasons for the order.
#pragma once

#include <span>
#include <string_view>

#include "catalog/draft.h"
#include "catalog/session.h"

namespace pghaul::catalog {

struct KindReader {
  std::string_view title;  // plural, for progress and errors: "enum types"
  void (*read)(const Session& session, Drafts& drafts);
};

std::span<const KindReader> kinds();

// One function a file in catalog/kind/, declared here so that kinds.cc is one readable list.
namespace kind {
void read_globals(const Session&, Drafts&);     // roles, memberships, settings, tablespaces: when asked for
void read_schemas(const Session&, Drafts&);
void read_extensions(const Session&, Drafts&);
void read_languages(const Session&, Drafts&);
void read_access_methods(const Session&, Drafts&);
void read_collations(const Session&, Drafts&);
void read_enum_types(const Session&, Drafts&);
void read_composite_types(const Session&, Drafts&);
void read_range_types(const Session&, Drafts&);
void read_domains(const Session&, Drafts&);
void read_base_types(const Session&, Drafts&);  // with their shell types
void read_functions(const Session&, Drafts&);   // and procedures
void read_aggregates(const Session&, Drafts&);
void read_operators(const Session&, Drafts&);
void read_operator_families(const Session&, Drafts&);
void read_operator_classes(const Session&, Drafts&);
void read_casts(const Session&, Drafts&);
void read_conversions(const Session&, Drafts&);
void read_transforms(const Session&, Drafts&);
void read_text_search(const Session&, Drafts&);  // parsers, templates, dictionaries, configurations
void read_foreign_data(const Session&, Drafts&); // wrappers, servers, user mappings
void read_tables(const Session&, Drafts&);       // tables, foreign tables, their columns, defaults, checks, attachments
void read_views(const Session&, Drafts&);
void read_materialized_views(const Session&, Drafts&);
void read_sequences(const Session&, Drafts&);    // with OWNED BY and values
void read_table_data(const Session&, Drafts&);
void read_large_objects(const Session&, Drafts&);
void read_indexes(const Session&, Drafts&);      // with attachments, replica identity, CLUSTER marks
void read_constraints(const Session&, Drafts&);  // primary key, unique, exclusion
void read_foreign_keys(const Session&, Drafts&);
void read_triggers(const Session&, Drafts&);
void read_rules(const Session&, Drafts&);
void read_policies(const Session&, Drafts&);     // and ROW LEVEL SECURITY
void read_extended_statistics(const Session&, Drafts&);
void read_event_triggers(const Session&, Drafts&);
void read_publications(const Session&, Drafts&);
void read_subscriptions(const Session&, Drafts&);
void read_default_acls(const Session&, Drafts&);
void read_database(const Session&, Drafts&);
void read_changed_privileges(const Session&, Drafts&);
}  // namespace kind

}  // namespace pghaul::catalog
