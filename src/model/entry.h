// The currency of the program: one restorable thing of a database, with its facets kept apart as data, so that owner,
// ACL, tablespace, role mapping and target-version policy are decided at restore time, for the target at hand.
//
// Values only: made by the catalog (or read from an archive), then read-only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/boxed.h"
#include "base/few.h"
#include "base/name.h"
#include "model/acl.h"
#include "model/kind.h"
#include "model/lock.h"

namespace pghaul::model {

// 1, 2, 3... within one inventory or archive, in a valid restore order; 0 is none.
using EntryId = std::uint32_t;

enum class Section : std::uint8_t { pre_data = 1, data = 2, post_data = 3 };

struct Comment {
  std::string object;  // what stands between COMMENT ON and IS: "COLUMN public.orders.total"
  std::string text;
};

struct SecurityLabel {
  std::string object;  // as in Comment
  std::string provider, label;
};

// A statement that belongs to an entry and follows its creation, but that a restore policy can leave out.
struct Extra {
  enum class Policy : std::uint8_t {
    always = 1,       // nothing leaves it out; apart only so that it can follow the owner change, or be shown apart
    compression = 2,  // --no-toast-compression
    tablespace = 3,   // --no-tablespaces
    table_access_method = 4,  // --no-table-access-method
    setting = 5,      // a database-level or role-level setting: refused settings are reported, not fatal
    later = 6,        // what servers do by themselves before the version that has the words for it, and so refuse rightly
  };
  Policy policy = Policy::always;
  std::string sql;  // without the semicolon
};

// Something that must exist on the target, or that its version must offer, before the entry can be created there.
// The preflight checks them all, and reports them all, before anything is changed.
struct Requirement {
  enum class What : std::uint8_t {
    role = 1,           // owners and grantees are found from the facets; this is for others (policies, user mappings)
    tablespace = 2,
    extension = 3,      // detail: the source's version
    language = 4,       // a language that no entry creates
    access_method = 5,
    collation = 6,      // name: locale, detail: provider letter as in pg_collation
    server_version = 7, // name: the feature in words; min_version / max_version say which servers have it
    object = 8,         // what a selection left out, and what an entry of it needs; model/existence.h tells the fields
  };
  What what = What::role;
  std::string name, detail;
  int min_version = 0;  // server_version_num / 10000, inclusive; 0: any
  int max_version = 0;  // inclusive; 0: any
};

enum class CopyFormat : std::uint8_t { text = 1, binary = 2 };

// How the rows of a data entry are read from a source and written to a target.
struct DataSpec {
  enum class Load : std::uint8_t { copy = 1, large_objects = 2 };
  Load load = Load::copy;
  CopyFormat format = CopyFormat::text;
  bool binary_allowed = false;  // every column's type is portable in binary form between clusters and versions
  std::string source;           // what stands between COPY and TO on the source: 'public.t (a, b)' or '(SELECT ...)'
  std::string target;           // what stands between COPY and FROM on the target: 'public.t (a, b)'
  std::string relation;         // the quoted relation alone: 'public.t'; empty for large objects
  std::string column_list;      // quoted, comma-separated; empty when the table has no column to copy
  std::uint64_t bytes = 0;      // estimate: heap and TOAST on the source's disk
  std::uint64_t rows = 0;       // estimate: reltuples
  std::uint64_t pages = 0;      // of the heap alone; 0 when unknown
  bool can_split = false;       // by ctid ranges: heap access method, server 14 or later
  std::string condition;        // --where: which rows are taken; it stands in `source` already. Empty: all
};

// A constraint made in two steps: its index under a lock that lets the table's other indexes be built meanwhile, then the constraint that takes it over.
struct TwoSteps {
  std::string index_sql, constraint_sql;
};

struct Entry {
  EntryId id = 0;
  Kind kind = Kind::table;
  Section section = Section::pre_data;
  bool late = false;        // runs after everything else of its section, ACLs included: refreshes, event triggers, publications
  bool alone = false;       // cannot run inside a transaction with others
  Name schema;              // unquoted; empty for things outside schemas
  std::string name;         // unquoted, unique within kind and schema: 'orders', 'f(integer)', 'orders orders_pkey'
  EntryId parent = 0;       // the entry that it belongs to and is selected with: a table-like one, or a member's extension

  std::string create_sql;   // one or more statements joined by ";\n", no final semicolon; empty: nothing to do (facets only)
  std::string drop_sql;     // one statement without IF EXISTS handling: 'DROP TABLE public.orders'; empty: none
  std::vector<EntryId> depends_on;  // all have smaller ids
  std::vector<Lock> locks;  // on entries of relations; what the statement takes while it runs
  std::uint64_t size = 0;   // what the work costs, in bytes of rows loaded meanwhile; 0 for pure catalog work

  Name owner;               // unquoted role; empty: none
  std::vector<std::string> owner_objects;  // what stands between ALTER and OWNER TO: "TABLE public.orders"
  Name tablespace;          // unquoted; empty: the database's default. Chosen by default_tablespace when created
  Name access_method;       // of a table or matview, unquoted; empty: not applicable. Chosen by default_table_access_method
  Few<Acl> acls;
  Few<Comment> comments;
  Few<SecurityLabel> labels;
  Few<Extra> extras;
  Few<Requirement> requires_on_target;
  Boxed<DataSpec> data;     // for section data, except sequence values
  Few<EntryId> inherits; // of a table: the tables that it is a child or a partition of; any ids
  bool unlogged = false;         // of a table: its rows do not survive a crash
  Boxed<TwoSteps> two_steps;     // of a PRIMARY KEY or UNIQUE constraint: another way than create_sql. Empty: there is no such way
  std::uint64_t sort_bytes = 0;  // what the build of its index sorts, estimated; 0: nothing, or unknown
};

// "TABLE public.orders": for messages and lists; not SQL.
std::string describe(const Entry& entry);

}  // namespace pghaul::model
