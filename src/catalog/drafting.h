// Small tools that every kind is written with: reading a row column by column, starting a draft, its owner and privileges,
// clauses of its text. Nothing here knows a particular kind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/session.h"

namespace pghaul::catalog {

// What a query says of an object's privileges: two columns, acldefault(...)::text[] and the acl column ::text[].
struct Privileges {
  std::vector<std::string> initial, wanted;
  bool is_default = true;  // the acl column is NULL
};

// The columns of a row, taken one after another: a kind's read() lists them in its query's order.
class Fields {
 public:
  explicit Fields(const pg::Row& row) : row_(row) {}
  std::string str() { return row_.str(next_++); }
  std::optional<std::string> optional() { return row_.optional(next_++); }
  bool boolean() { return row_.boolean(next_++); }
  std::int64_t integer() { return row_.integer(next_++); }
  Oid oid() { return row_.oid(next_++); }
  std::vector<Oid> oids();  // an oid array
  char letter() { return row_.letter(next_++); }
  std::vector<std::string> array() { return row_.array(next_++); }
  Privileges privileges();

 private:
  const pg::Row& row_;
  int next_ = 0;
};

// phrase: what stands between COMMENT ON and IS; also what DROP takes.
Draft start_draft(model::Kind kind, Address address, std::string schema, std::string name, std::string phrase);

// ALTER <object> OWNER TO <owner>; object: the draft's phrase unless told.
void set_owner(Draft& draft, const std::string& owner, std::string object = {});

// GRANT ... ON <object>; type as in acldefault(). The draft's owner, or the one told, is the grantor of what is initial.
void set_privileges(Draft& draft, char type, std::string object, const std::string& owner, const Privileges& privileges);

// Items of an aclitem array in its text form. On tables (type 'r') of servers before 17, which have no MAINTAIN, the owner
// gets it: there he could do by ownership what it allows. before_17: whether they are from such one.
std::vector<model::AclItem> acl_items(char type, const std::string& owner, const std::vector<std::string>& texts, bool before_17);

// The letters that ALL stands for, of the newest server known; type as in acldefault().
std::string_view all_privileges(char type);

// "a, b, c".
std::string joined(const std::vector<std::string>& parts, std::string_view separator = ", ");

// "head (\n  INPUT = f,\n  OUTPUT = g\n)"; just the parentheses when there are no clauses.
std::string with_clauses(std::string head, const std::vector<std::string>& clauses);

// " OPTIONS (host 'a', \"Port\" '1')" of an array of 'key=value'; "" for an empty one.
std::string options_clause(const std::vector<std::string>& options);

// "SET name TO 'value'" of a setting as catalogs keep it: 'name=value'.
std::string set_clause(std::string_view setting);

// regproc and its kin as text; whether it names something ('-' and '0' name nothing).
bool names_something(std::string_view reg_text);

}  // namespace pghaul::catalog
