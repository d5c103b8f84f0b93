// Two inventories, entry by entry. Pure: no server is asked. What is compared of an entry: its text and extras, owner,
// tablespace, access method, privileges by their effect, comments and labels. Ids, sections, order and drop texts are not.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "verify/compare.h"

namespace pghaul::verify {
namespace {

using model::Entry;
using model::Inventory;
using What = Difference::What;

// The entry that stands for a key, and the text that counts: a view or function that was begun as a dummy, to break a
// cycle, is what its last text makes it.
struct Thing {
  const Entry* entry = nullptr;
  std::string text;
};
using Things = std::map<Key, Thing>;

// Where a cycle is opened is the reader's choice, so a body that stands apart is no difference: its text is made the view's.
std::string without_or_replace(std::string text) {
  constexpr std::string_view with = "CREATE OR REPLACE ";
  if (text.starts_with(with)) text.replace(0, with.size(), "CREATE ");
  return text;
}

bool is_database(const Entry& entry) { return entry.kind == model::Kind::database; }
bool is_sequence_value(const Entry& entry) { return entry.kind == model::Kind::sequence_value; }

Things index(const Inventory& inventory) {
  Things things;
  for (const Entry& entry : inventory.entries) {
    if (is_database(entry) || is_global(entry.kind) || entry.data) continue;
    Key key = key_of(entry);
    if (entry.kind == model::Kind::view_definition) std::get<0>(key) = model::Kind::view;
    auto [place, is_new] = things.try_emplace(std::move(key), Thing{&entry, without_or_replace(entry.create_sql)});
    if (!is_new && !entry.create_sql.empty()) place->second.text = without_or_replace(entry.create_sql);
  }
  return things;
}

// ---- privileges -----------------------------------------------------------------------------------------------------

// (grantee, grantor) -> letters; the owner is written as such, so that a change of owner is reported once.
using Grants = std::map<std::pair<std::string, std::string>, std::pair<std::string, std::string>>;

constexpr std::string_view owner_mark = "(owner)";

void add_letters(std::string& to, std::string_view letters, bool maintain_counts) {
  for (char letter : letters)
    if ((letter != 'm' || maintain_counts) && to.find(letter) == std::string::npos) to += letter;
  std::sort(to.begin(), to.end());
}

Grants grants(const std::vector<model::AclItem>& items, const std::string& owner, bool maintain_counts) {
  auto name = [&](const std::string& role) { return !owner.empty() && role == owner ? std::string(owner_mark) : role; };
  Grants all;
  for (const model::AclItem& item : items) {
    auto& [privileges, grantable] = all[{name(item.grantee), name(item.grantor)}];
    add_letters(privileges, item.privileges, maintain_counts);
    add_letters(grantable, item.grantable, maintain_counts);
  }
  std::erase_if(all, [](const auto& grant) { return grant.second.first.empty(); });
  return all;
}

// As psql's \dp shows it: "reader=r*w/(owner)"; PUBLIC has no name there.
std::string to_text(const Grants& grants) {
  std::string text;
  for (const auto& [roles, letters] : grants) {
    text += (text.empty() ? "" : ", ") + roles.first + "=";
    for (char letter : letters.first) {
      text += letter;
      if (letters.second.find(letter) != std::string::npos) text += '*';
    }
    text += "/" + roles.second;
  }
  return text;
}

const model::Acl* find_acl(const Entry& entry, const model::Acl& like) {
  auto found = std::find_if(entry.acls.begin(), entry.acls.end(),
                            [&](const model::Acl& acl) { return acl.object == like.object && acl.column == like.column; });
  return found == entry.acls.end() ? nullptr : &*found;
}

// ---- one entry ------------------------------------------------------------------------------------------------------

class Comparison {
 public:
  Comparison(const Inventory& expected, const Inventory& found, const Options& options, SchemaResult& result)
      : expected_version_(expected.origin.server_version),
        found_version_(found.origin.server_version),
        maintain_counts_(expected_version_ >= 170000 && found_version_ >= 170000),
        options_(options),
        result_(result) {}

  void compare(const Thing& expected, const Thing& found) {
    const Entry &a = *expected.entry, &b = *found.entry;
    ++result_.compared;
    std::string object = model::describe(a);
    if (!same(expected.text, found.text))
      report(is_sequence_value(a) ? What::sequence : What::definition, object, expected.text, found.text);
    compare_extras(object, a, b);
    if (options_.owners && a.owner != b.owner) report(What::owner, object, a.owner, b.owner);
    if (a.tablespace != b.tablespace)
      report(What::definition, object, "TABLESPACE " + or_default(a.tablespace), "TABLESPACE " + or_default(b.tablespace));
    if (a.access_method != b.access_method)
      report(What::definition, object, "USING " + or_default(a.access_method), "USING " + or_default(b.access_method));
    if (options_.privileges) compare_privileges(a, b);
    compare_facets(What::comment, comments(a), comments(b));
    compare_facets(What::label, labels(a), labels(b));
  }

  void report(What what, std::string object, std::string expected, std::string found) {
    result_.differences.push_back({what, std::move(object), std::move(expected), std::move(found)});
  }

 private:
  using Facets = std::map<std::string, std::string>;

  bool same(std::string_view a, std::string_view b) const { return same_sql(a, expected_version_, b, found_version_); }
  static std::string or_default(const std::string& name) { return name.empty() ? "(default)" : name; }

  void compare_extras(const std::string& object, const Entry& a, const Entry& b) {
    for (const model::Extra& extra : a.extras)
      if (!has(b, extra)) report(What::definition, object, extra.sql, "");
    for (const model::Extra& extra : b.extras)
      if (!has(a, extra)) report(What::definition, object, "", extra.sql);
  }
  bool has(const Entry& entry, const model::Extra& wanted) const {
    return std::any_of(entry.extras.begin(), entry.extras.end(), [&](const model::Extra& extra) { return same(wanted.sql, extra.sql); });
  }

  // A side without an ACL has what the object has right after its creation.
  void compare_privileges(const Entry& a, const Entry& b) {
    auto effect = [&](const model::Acl& acl) { return grants(acl.wanted, acl.owner, maintain_counts_); };
    auto untouched = [&](const model::Acl& acl) { return grants(acl.initial, acl.owner, maintain_counts_); };
    auto check = [&](const model::Acl& acl, const Grants& wanted, const Grants& has) {
      if (wanted == has) return;
      std::string object = acl.column.empty() ? acl.object : fmt::format("{} ({})", acl.object, acl.column);
      report(What::privileges, object, to_text(wanted), to_text(has));
    };
    for (const model::Acl& acl : a.acls) {
      const model::Acl* other = find_acl(b, acl);
      check(acl, effect(acl), other ? effect(*other) : untouched(acl));
    }
    for (const model::Acl& acl : b.acls)
      if (!find_acl(a, acl)) check(acl, untouched(acl), effect(acl));
  }

  static Facets comments(const Entry& entry) {
    Facets all;
    for (const model::Comment& comment : entry.comments) all[comment.object] = comment.text;
    return all;
  }
  static Facets labels(const Entry& entry) {
    Facets all;
    for (const model::SecurityLabel& label : entry.labels) all[label.object + " FOR " + label.provider] = label.label;
    return all;
  }
  void compare_facets(What what, const Facets& a, const Facets& b) {
    for (const auto& [object, text] : a) {
      auto other = b.find(object);
      if (other == b.end() || other->second != text) report(what, object, text, other == b.end() ? "" : other->second);
    }
    for (const auto& [object, text] : b)
      if (!a.contains(object)) report(what, object, "", text);
  }

  int expected_version_, found_version_;
  bool maintain_counts_;  // the privilege MAINTAIN came with 17: ALL means it there and not before
  const Options& options_;
  SchemaResult& result_;
};

// ---- the database ---------------------------------------------------------------------------------------------------

const Entry* database_of(const Inventory& inventory) {
  auto found = std::find_if(inventory.entries.begin(), inventory.entries.end(), is_database);
  return found == inventory.entries.end() ? nullptr : &*found;
}

// ALTER DATABASE and ALTER ROLE IN DATABASE, without the database's name.
std::vector<std::string> settings(const Entry& database) {
  std::vector<std::string> all;
  for (const model::Extra& extra : database.extras) {
    if (extra.policy != model::Extra::Policy::setting) continue;
    std::string sql = extra.sql, name = model::quote_ident(database.name);
    if (std::size_t at = sql.find("DATABASE " + name + " "); at != std::string::npos) sql.replace(at + 9, name.size(), "...");
    all.push_back(std::move(sql));
  }
  std::sort(all.begin(), all.end());
  return all;
}

// A database that was made by hand has the name, owner and settings of that hand; only its encoding decides what its rows
// can hold. Settings that differ are worth a word.
void compare_databases_themselves(const Inventory& expected, const Inventory& found, Comparison& comparison, SchemaResult& result) {
  if (expected.origin.encoding != found.origin.encoding)
    comparison.report(What::setting, "the database's encoding", expected.origin.encoding, found.origin.encoding);
  const Entry *a = database_of(expected), *b = database_of(found);
  if (!a || !b) return;
  std::vector<std::string> wanted = settings(*a), has = settings(*b), lacking;
  std::set_difference(wanted.begin(), wanted.end(), has.begin(), has.end(), std::back_inserter(lacking));
  for (const std::string& sql : lacking)
    result.remarks.push_back("a setting of the source's database is not set on the target (restore --create carries it): " + sql);
}

}  // namespace

SchemaResult compare_schemas(const Inventory& expected, const Inventory& found, const Options& options) {
  SchemaResult result;
  Comparison comparison(expected, found, options, result);
  if (options.schema) compare_databases_themselves(expected, found, comparison, result);
  Things wanted = index(expected), has = index(found);
  auto counts = [&](const Entry& entry) { return is_sequence_value(entry) ? options.data : options.schema; };

  for (const Entry& entry : expected.entries) {  // for their order
    auto here = wanted.find(key_of(entry));
    if (here == wanted.end() || here->second.entry != &entry || !counts(entry)) continue;
    if (auto there = has.find(here->first); there != has.end()) comparison.compare(here->second, there->second);
    else if (!is_sequence_value(entry)) comparison.report(What::missing, model::describe(entry), here->second.text, "");
  }
  if (options.selection.list) return result;  // what else there is was not asked
  for (const Entry& entry : found.entries) {
    auto here = has.find(key_of(entry));
    if (here == has.end() || here->second.entry != &entry || !counts(entry) || is_sequence_value(entry)) continue;
    if (!wanted.contains(here->first)) comparison.report(What::extra, model::describe(entry), "", here->second.text);
  }
  return result;
}

}  // namespace pghaul::verify
