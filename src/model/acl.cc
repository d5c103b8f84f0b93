// From one array of access privileges to another. The order of the array is kept: it is what pg_class.relacl and its kin
// hold, and what everyone sees who looks.
//
// The server appends a new (grantee, grantor) pair at the end, changes an old one in place, and removes one that has no
// privilege left. So the longest beginning of the wanted array that is there already stays as it is; everything else is
// revoked, then granted in the wanted order.
#include "model/acl.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "model/ident.h"

namespace pghaul::model {
namespace {

using Items = std::vector<AclItem>;

struct Privilege {
  char letter;
  std::string_view name;
};

// Documentation, table 5.1.
constexpr Privilege privileges[] = {
    {'r', "SELECT"},     {'a', "INSERT"},  {'w', "UPDATE"},   {'d', "DELETE"}, {'D', "TRUNCATE"},
    {'x', "REFERENCES"}, {'t', "TRIGGER"}, {'m', "MAINTAIN"}, {'X', "EXECUTE"}, {'U', "USAGE"},
    {'C', "CREATE"},     {'c', "CONNECT"}, {'T', "TEMPORARY"}, {'s', "SET"},    {'A', "ALTER SYSTEM"},
};

[[noreturn]] void no_item(std::string_view text) {
  throw Error(Fault::internal, fmt::format("'{}' is no access privilege item", printable(text)));
}

// A role name at the start of text, which is cut off. Quotes can open and close anywhere in it, as the server reads it.
std::string take_role(std::string_view& text, char end, std::string_view whole) {
  std::string role;
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (quoted || text[at] != end); ++at) {
    if (text[at] != '"') role += text[at];
    else if (quoted && at + 1 < text.size() && text[at + 1] == '"') role += text[at++];
    else quoted = !quoted;
  }
  if (quoted) no_item(whole);
  text.remove_prefix(at);
  return role;
}

bool contains_all(std::string_view letters, std::string_view wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](char c) { return letters.find(c) != std::string_view::npos; });
}

bool same_letters(std::string_view a, std::string_view b) { return contains_all(a, b) && contains_all(b, a); }

bool same_set(const Items& a, const Items& b) { return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin()); }

// Which items of `initial` stay, and how many of `wanted` they are.
struct Kept {
  std::vector<bool> stays;
  std::size_t count = 0;
};

Kept keep_beginning(const Acl& acl) {
  Kept kept{std::vector<bool>(acl.initial.size()), 0};
  auto grants = [&](const std::string& grantor) {
    auto end = acl.wanted.begin() + static_cast<std::ptrdiff_t>(kept.count);
    return grantor == acl.owner || std::any_of(acl.wanted.begin(), end, [&](const AclItem& item) { return item.grantee == grantor; });
  };
  for (std::size_t i = 0; i < acl.initial.size() && kept.count < acl.wanted.size(); ++i) {
    const AclItem& next = acl.wanted[kept.count];
    if (acl.initial[i] != next || !grants(next.grantor)) continue;
    kept.stays[i] = true;
    ++kept.count;
  }
  return kept;
}

// Writes statements, each under the right grantor.
class Writer {
 public:
  Writer(const Acl& acl, const RoleMap& map_role) : acl_(acl), map_role_(map_role) {}

  void revoke_all(const AclItem& item) {
    become(item.grantor);
    out_.push_back(fmt::format("REVOKE {} ON {} FROM {}", list(acl_.all), acl_.object, role(item.grantee)));
  }

  void grant(const AclItem& item) {
    become(item.grantor);
    std::string plain;
    for (char letter : item.privileges)
      if (item.grantable.find(letter) == std::string::npos) plain += letter;
    if (!plain.empty()) out_.push_back(fmt::format("GRANT {} ON {} TO {}", list(plain), acl_.object, role(item.grantee)));
    if (!item.grantable.empty())
      out_.push_back(fmt::format("GRANT {} ON {} TO {} WITH GRANT OPTION", list(item.grantable), acl_.object, role(item.grantee)));
  }

  std::vector<std::string> finish() {
    become(acl_.owner);
    return std::move(out_);
  }

 private:
  std::string role(const std::string& name) const { return name.empty() ? "PUBLIC" : quote_ident(map_role_(name)); }

  std::string list(std::string_view letters) const {
    std::string column = acl_.column.empty() ? "" : " (" + acl_.column + ")";
    if (same_letters(letters, acl_.all)) return "ALL" + column;
    std::string names;
    for (char letter : letters) {
      std::string_view name = privilege_name(letter);
      if (name.empty()) throw Error(Fault::internal, fmt::format("unknown privilege letter '{}' on {}", letter, printable(acl_.object)));
      names += (names.empty() ? "" : ", ") + std::string(name) + column;
    }
    return names;
  }

  void become(const std::string& grantor) {
    const std::string& wanted = grantor == acl_.owner ? owner_ : grantor;
    if (wanted == now_) return;
    if (!now_.empty()) out_.push_back("RESET SESSION AUTHORIZATION");
    if (!wanted.empty()) out_.push_back("SET SESSION AUTHORIZATION " + quote_ident(map_role_(wanted)));
    now_ = wanted;
  }

  const Acl& acl_;
  const RoleMap& map_role_;
  const std::string owner_;  // empty: the session's own user, whose grants count as the owner's
  std::string now_;
  std::vector<std::string> out_;
};

// Whether the grantor can grant the item once those before it are done: it is the owner, or has the grant options.
bool can_grant(const Acl& acl, const Items& done, const AclItem& item) {
  if (item.grantor == acl.owner) return true;
  std::string options;
  for (const AclItem& other : done)
    if (other.grantee == item.grantor) options += other.grantable;
  return contains_all(options, item.privileges);
}

// The wanted items that are not there yet, in their order, but none before its grantor's own.
Items in_grant_order(const Acl& acl, std::size_t kept) {
  auto split = acl.wanted.begin() + static_cast<std::ptrdiff_t>(kept);
  Items done(acl.wanted.begin(), split), pending(split, acl.wanted.end());
  while (!pending.empty()) {
    auto next = std::find_if(pending.begin(), pending.end(), [&](const AclItem& item) { return can_grant(acl, done, item); });
    if (next == pending.end()) next = pending.begin();
    done.push_back(std::move(*next));
    pending.erase(next);
  }
  done.erase(done.begin(), done.begin() + static_cast<std::ptrdiff_t>(kept));
  return done;
}

}  // namespace

AclItem parse_acl_item(std::string_view text) {
  std::string_view rest = text;
  AclItem item;
  item.grantee = take_role(rest, '=', text);
  if (rest.empty()) no_item(text);
  rest.remove_prefix(1);
  for (; !rest.empty() && rest.front() != '/'; rest.remove_prefix(1)) {
    if (rest.front() != '*') item.privileges += rest.front();
    else if (item.privileges.empty()) no_item(text);
    else item.grantable += item.privileges.back();
  }
  if (rest.empty()) no_item(text);
  rest.remove_prefix(1);
  item.grantor = take_role(rest, '\0', text);
  if (item.grantor.empty()) no_item(text);
  return item;
}

std::string_view privilege_name(char letter) {
  for (const Privilege& privilege : privileges)
    if (privilege.letter == letter) return privilege.name;
  return {};
}

std::vector<std::string> acl_statements(const Acl& acl, const RoleMap& map_role) {
  if (same_set(acl.initial, acl.wanted)) return {};
  Kept kept = keep_beginning(acl);
  Writer writer(acl, map_role);
  // Backwards: what was granted by someone goes before what allowed him to.
  for (std::size_t i = acl.initial.size(); i-- > 0;)
    if (!kept.stays[i]) writer.revoke_all(acl.initial[i]);
  for (const AclItem& item : in_grant_order(acl, kept.count)) writer.grant(item);
  return writer.finish();
}

}  // namespace pghaul::model
