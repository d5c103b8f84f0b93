// TABLE, read: what pg_class, pg_attribute, pg_attrdef, pg_constraint and pg_inherits say of one table, and the steps
// that make drafts of it. Private to this folder.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/draft.h"
#include "catalog/kind/table/relation.h"
#include "catalog/session.h"

namespace pghaul::catalog::kind {

struct NotNull {          // a NOT NULL constraint of a server that keeps them in pg_constraint (18)
  Oid oid = 0;
  std::string name;       // "": the server would choose the same name itself
  bool local = true, no_inherit = false, valid = true;
};

struct Column {
  int number = 0;
  std::string name;
  Name type, collation;    // collation: qualified and quoted; "": the type's own
  bool not_null = false, local = true, inherited = false;
  char identity = 0;       // 'a' always, 'd' by default
  char generated = 0;      // 's' stored, 'v' virtual
  char storage = 0, type_storage = 0;  // 'p' 'e' 'm' 'x'
  char compression = 0;    // 'p' 'l'; 0: the server's default
  int statistics = -1;
  Few<std::string> options;
  std::string foreign_options;
  Oid default_oid = 0;
  std::string default_text;   // or the generation expression
  bool default_needs = false; // something that the user can drop: pg_depend knows
  std::string identity_clause;  // "GENERATED ALWAYS AS IDENTITY (...)" when the column has a sequence of its own
  Boxed<NotNull> named_not_null;

  const NotNull& constraint() const;
};

struct Check {
  Oid oid = 0;
  std::string name, definition;  // "CHECK ((a > 0)) NOT VALID"
  bool valid = true, local = true, enforced = true;
};

struct Table {
  Oid oid = 0;
  Name schema, owner;
  std::string name, qualified;
  char kind = 'r';          // relkind: 'r' 'p' 'f'
  char persistence = 'p';
  Name tablespace, access_method;
  Oid row_type = 0, row_array_type = 0;
  std::string of_type;      // of a typed table
  std::vector<std::string> options, toast_options;
  char replica_identity = 'd';
  bool partition = false;
  std::string partition_key, partition_bound;
  std::string server, foreign_options;
  Privileges privileges;
  std::vector<Oid> parents;  // in the order of INHERITS
  std::vector<Column> columns;
  std::vector<Check> checks;

  bool foreign() const { return kind == 'f'; }
  std::string alter() const { return (foreign() ? "ALTER FOREIGN TABLE " : "ALTER TABLE ") + qualified; }
  std::string alter_only() const { return (foreign() ? "ALTER FOREIGN TABLE ONLY " : "ALTER TABLE ONLY ") + qualified; }
  const Column* find(const std::string& column) const;
};

struct Tables {
  std::deque<Table> all;                       // by OID
  std::unordered_map<Oid, std::size_t> by_oid;
  Table* find(Oid oid);
  const Table* find(Oid oid) const;
};

// How a child comes to its parents.
enum class Inheritance {
  none,        // no parents, or a partition: it is attached by an entry of its own
  by_clause,   // CREATE TABLE ... INHERITS: columns that are not local come from the parents
  afterwards,  // created with all its columns, then ALTER TABLE ... INHERIT: keeps a column order that the clause would not
};

void read_columns(const Session& session, Tables& tables);       // columns.cc
void read_identity(const Session& session, Tables& tables);      // identity.cc
void read_checks(const Session& session, Tables& tables);        // checks.cc
void read_parents(const Session& session, Tables& tables);       // inheritance.cc

Inheritance choose_inheritance(const Tables& tables, const Table& table);
// What a child made by INHERITS gets for a column from its parents.
struct FromParents {
  bool has_default = false, not_null = false;
  bool other_storage = false, other_compression = false;  // than the child's
  bool no_generation = false, other_generation = false;   // a plain column, or another expression than the child's
};
FromParents from_parents(const Tables& tables, const Table& table, const Column& column);

// Create text in pieces. Everything that is written goes to the last segment, except what can be detached.
class TextBuilder {
 public:
  explicit TextBuilder(Draft& draft) : draft_(draft) {}
  TextBuilder& operator<<(std::string_view text);
  void detachable(std::string text, Detachable piece);
  // A piece that stands apart from the beginning.
  void apart(Detachable piece);

 private:
  Draft& draft_;
  bool open_ = false;  // the last segment takes more text
};

// The parts of a table's text, in the order in which they are written.
struct Writer {
  const Tables& tables;
  const Table& table;
  Inheritance inheritance;
  Draft& draft;
  TextBuilder text;

  bool by_clause(const Column& column) const { return inheritance == Inheritance::by_clause && column.inherited; }
  bool is_printed(const Column& column) const { return !by_clause(column) || column.local; }
};

void write_column(Writer& writer, const Column& column);             // columns.cc: the clause in CREATE TABLE
void write_column_changes(Writer& writer, const Column& column);     // columns.cc: the statements after it
void write_checks_inline(Writer& writer);                            // checks.cc
void write_checks_after(Writer& writer, bool inline_done);           // checks.cc
void write_inherits_clause(Writer& writer);                          // inheritance.cc
void write_inherit_statements(Writer& writer);                       // inheritance.cc
void add_attachments(const Tables& tables, Drafts& drafts);          // partitions.cc

}  // namespace pghaul::catalog::kind
