// The kinds of restorable things. The numbers are written into archives: they are never changed and never reused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pghaul::model {

enum class Kind : std::uint16_t {
  database = 1,
  schema = 2,
  extension = 3,
  language = 4,
  collation = 5,
  access_method = 6,

  shell_type = 10,
  base_type = 11,
  enum_type = 12,
  domain = 13,
  composite_type = 14,
  range_type = 15,

  function = 20,
  procedure = 21,
  aggregate = 22,
  op = 23,
  operator_family = 24,
  operator_class = 25,
  cast = 26,
  conversion = 27,
  transform = 28,

  text_search_parser = 30,
  text_search_dictionary = 31,
  text_search_template = 32,
  text_search_configuration = 33,
  foreign_data_wrapper = 34,
  foreign_server = 35,
  user_mapping = 36,

  table = 40,
  foreign_table = 41,
  view = 42,
  materialized_view = 43,
  sequence = 44,
  sequence_owner = 45,    // OWNED BY
  column_default = 46,
  table_attach = 47,      // a partition to its parent
  large_object = 48,      // a group of large objects with one owner and one ACL

  table_data = 50,
  sequence_value = 51,
  large_object_data = 52,

  index = 60,
  index_attach = 61,
  constraint = 62,        // primary key, unique, exclusion
  check_constraint = 63,
  foreign_key = 64,
  trigger = 65,
  rule = 66,
  policy = 67,
  row_security = 68,
  extended_statistics = 69,
  replica_identity = 70,
  cluster_mark = 71,
  view_definition = 72,   // the body of a view that was first created with a dummy one, to break a cycle
  domain_constraint = 73,

  event_trigger = 80,
  publication = 81,
  publication_table = 82,
  publication_schema = 83,
  subscription = 84,
  default_acl = 85,
  materialized_view_data = 86,  // REFRESH

  role = 90,
  role_membership = 91,
  role_setting = 92,
  tablespace = 93,
};

// As PostgreSQL's commands and messages call it: "TABLE", "MATERIALIZED VIEW". "?" for an unknown number.
std::string_view kind_name(Kind kind);

// Of the whole server, not of a database.
constexpr bool is_global(Kind kind) { return kind >= Kind::role && kind <= Kind::tablespace; }

// Whether a person would count it among the objects of a database: not what only completes another one.
bool is_object(Kind kind);

// Whether this program knows the number: for archives from elsewhere.
bool is_known_kind(std::uint16_t number);

}  // namespace pghaul::model
