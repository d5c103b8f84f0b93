#include "model/kind.h"

namespace pghaul::model {

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::database: return "DATABASE";
    case Kind::schema: return "SCHEMA";
    case Kind::extension: return "EXTENSION";
    case Kind::language: return "LANGUAGE";
    case Kind::collation: return "COLLATION";
    case Kind::access_method: return "ACCESS METHOD";
    case Kind::shell_type: return "SHELL TYPE";
    case Kind::base_type: return "BASE TYPE";
    case Kind::enum_type: return "ENUM TYPE";
    case Kind::domain: return "DOMAIN";
    case Kind::composite_type: return "COMPOSITE TYPE";
    case Kind::range_type: return "RANGE TYPE";
    case Kind::function: return "FUNCTION";
    case Kind::procedure: return "PROCEDURE";
    case Kind::aggregate: return "AGGREGATE";
    case Kind::op: return "OPERATOR";
    case Kind::operator_family: return "OPERATOR FAMILY";
    case Kind::operator_class: return "OPERATOR CLASS";
    case Kind::cast: return "CAST";
    case Kind::conversion: return "CONVERSION";
    case Kind::transform: return "TRANSFORM";
    case Kind::text_search_parser: return "TEXT SEARCH PARSER";
    case Kind::text_search_dictionary: return "TEXT SEARCH DICTIONARY";
    case Kind::text_search_template: return "TEXT SEARCH TEMPLATE";
    case Kind::text_search_configuration: return "TEXT SEARCH CONFIGURATION";
    case Kind::foreign_data_wrapper: return "FOREIGN DATA WRAPPER";
    case Kind::foreign_server: return "SERVER";
    case Kind::user_mapping: return "USER MAPPING";
    case Kind::table: return "TABLE";
    case Kind::foreign_table: return "FOREIGN TABLE";
    case Kind::view: return "VIEW";
    case Kind::materialized_view: return "MATERIALIZED VIEW";
    case Kind::sequence: return "SEQUENCE";
    case Kind::sequence_owner: return "SEQUENCE OWNED BY";
    case Kind::column_default: return "DEFAULT";
    case Kind::table_attach: return "TABLE ATTACH";
    case Kind::large_object: return "LARGE OBJECT";
    case Kind::table_data: return "TABLE DATA";
    case Kind::sequence_value: return "SEQUENCE SET";
    case Kind::large_object_data: return "LARGE OBJECT DATA";
    case Kind::index: return "INDEX";
    case Kind::index_attach: return "INDEX ATTACH";
    case Kind::constraint: return "CONSTRAINT";
    case Kind::check_constraint: return "CHECK CONSTRAINT";
    case Kind::foreign_key: return "FK CONSTRAINT";
    case Kind::trigger: return "TRIGGER";
    case Kind::rule: return "RULE";
    case Kind::policy: return "POLICY";
    case Kind::row_security: return "ROW SECURITY";
    case Kind::extended_statistics: return "STATISTICS";
    case Kind::replica_identity: return "REPLICA IDENTITY";
    case Kind::cluster_mark: return "CLUSTER";
    case Kind::view_definition: return "VIEW DEFINITION";
    case Kind::domain_constraint: return "DOMAIN CONSTRAINT";
    case Kind::event_trigger: return "EVENT TRIGGER";
    case Kind::publication: return "PUBLICATION";
    case Kind::publication_table: return "PUBLICATION TABLE";
    case Kind::publication_schema: return "PUBLICATION TABLES IN SCHEMA";
    case Kind::subscription: return "SUBSCRIPTION";
    case Kind::default_acl: return "DEFAULT ACL";
    case Kind::materialized_view_data: return "MATERIALIZED VIEW DATA";
    case Kind::role: return "ROLE";
    case Kind::role_membership: return "ROLE MEMBERSHIP";
    case Kind::role_setting: return "ROLE SETTING";
    case Kind::tablespace: return "TABLESPACE";
  }
  return "?";
}

bool is_object(Kind kind) {
  switch (kind) {
    case Kind::database:
    case Kind::shell_type:
    case Kind::table_attach:
    case Kind::index_attach:
    case Kind::sequence_owner:
    case Kind::column_default:
    case Kind::view_definition:
    case Kind::materialized_view_data: return false;
    default: return true;
  }
}

bool is_known_kind(std::uint16_t number) { return kind_name(static_cast<Kind>(number)) != "?"; }

}  // namespace pghaul::model
