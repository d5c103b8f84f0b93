#include "restore/statements.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/ident.h"

namespace pghaul::restore {
namespace {

bool wanted(const model::Extra& extra, const Policy& policy) {
  switch (extra.policy) {
    case model::Extra::Policy::always:
    case model::Extra::Policy::setting:
    case model::Extra::Policy::later: return true;
    case model::Extra::Policy::compression: return policy.toast_compression;
    case model::Extra::Policy::tablespace: return policy.tablespaces;
    case model::Extra::Policy::table_access_method: return policy.table_access_method;
  }
  return true;
}

// Whoever creates these is their owner; other things may be there before (schema public), or be made by an extension.
bool is_made_here(const model::Entry& entry) {
  return entry.kind == model::Kind::table || entry.kind == model::Kind::sequence || entry.kind == model::Kind::view;
}

void set_defaults(const model::Entry& entry, const Policy& policy, Defaults& defaults, std::vector<std::string>& out) {
  std::string tablespace = policy.tablespaces ? entry.tablespace : "";
  if (tablespace != defaults.tablespace) {
    out.push_back("SET default_tablespace = " + (tablespace.empty() ? "''" : model::quote_ident(tablespace)));
    defaults.tablespace = tablespace;
  }
  if (policy.table_access_method && !entry.access_method.empty() && entry.access_method != defaults.access_method) {
    out.push_back("SET default_table_access_method = " + model::quote_ident(entry.access_method));
    defaults.access_method = entry.access_method;
  }
}

bool is_extra(const model::Entry& entry, model::Extra::Policy policy, const std::string& statement) {
  return std::any_of(entry.extras.begin(), entry.extras.end(), [&](const model::Extra& extra) { return extra.policy == policy && extra.sql == statement; });
}

model::Acl without_maintain(model::Acl acl) {
  for (auto* items : {&acl.initial, &acl.wanted}) {
    for (model::AclItem& item : *items) std::erase(item.privileges, 'm'), std::erase(item.grantable, 'm');
    std::erase_if(*items, [](const model::AclItem& item) { return item.privileges.empty(); });
  }
  std::erase(acl.all, 'm');
  return acl;
}

}  // namespace

std::vector<std::string> creation(const model::Entry& entry, const Policy& policy, Defaults& defaults) {
  std::vector<std::string> out;
  if (!entry.create_sql.empty()) {
    set_defaults(entry, policy, defaults, out);
    out.push_back(entry.create_sql);
  }
  for (const model::Extra& extra : entry.extras)
    if (wanted(extra, policy)) out.push_back(extra.sql);
  if (policy.owner && !entry.owner.empty() && !(entry.owner == policy.own_role && is_made_here(entry)))
    for (const std::string& object : entry.owner_objects)
      out.push_back(fmt::format("ALTER {} OWNER TO {}", object, model::quote_ident(entry.owner)));
  if (policy.comments)
    for (const model::Comment& comment : entry.comments)
      out.push_back(fmt::format("COMMENT ON {} IS {}", comment.object, model::quote_literal(comment.text)));
  if (policy.security_labels)
    for (const model::SecurityLabel& label : entry.labels)
      out.push_back(fmt::format("SECURITY LABEL FOR {} ON {} IS {}", model::quote_ident(label.provider), label.object,
                                model::quote_literal(label.label)));
  return out;
}

std::vector<std::string> privileges(const model::Entry& entry, const Policy& policy) {
  std::vector<std::string> out;
  if (!policy.privileges) return out;
  for (const model::Acl& given : entry.acls)
    for (std::string& statement : model::acl_statements(policy.maintain ? given : without_maintain(given), [](const std::string& role) { return role; }))
      out.push_back(std::move(statement));
  return out;
}

std::vector<std::string> privileges_by_object(const model::Entry& entry, const Policy& policy) {
  std::vector<std::string> out;
  for (const model::Acl& acl : entry.acls) {
    model::Entry one;
    one.acls = {acl};
    std::vector<std::string> statements = privileges(one, policy);
    if (!statements.empty()) out.push_back(fmt::format("{}", fmt::join(statements, ";\n")));
  }
  return out;
}

bool is_facet(const model::Entry& entry, const std::string& statement) {
  return statement != entry.create_sql && !statement.starts_with("SET default_") && !is_extra(entry, model::Extra::Policy::always, statement);
}

bool is_for_later(const model::Entry& entry, const std::string& statement) { return is_extra(entry, model::Extra::Policy::later, statement); }

}  // namespace pghaul::restore
