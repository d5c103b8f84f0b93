// From an entry and a policy to the statements that create it on the target. Pure: no server.
#pragma once

#include <string>
#include <vector>

#include "model/entry.h"
#include "restore/policy.h"

namespace pghaul::restore {

// What a session is set to create relations in; kept so that a SET is sent only when it changes.
struct Defaults {
  std::string tablespace;                // "" : the database's
  std::string access_method = "heap";
  bool operator==(const Defaults&) const = default;
};

// Creation, extras, owner, comments, labels; each one statement or several joined by ";\n", without a final semicolon. Not
// privileges: they come after the data, since an owner may have revoked its own right to insert.
std::vector<std::string> creation(const model::Entry& entry, const Policy& policy, Defaults& defaults);

std::vector<std::string> privileges(const model::Entry& entry, const Policy& policy);

// The same, those of one object or column joined into one: they go together or not at all.
std::vector<std::string> privileges_by_object(const model::Entry& entry, const Policy& policy);

// Whether the entry is there without this statement of its own: its owner, a comment, a label, privileges, what a policy can leave out.
bool is_facet(const model::Entry& entry, const std::string& statement);
// One that servers may refuse that are too old to need it.
bool is_for_later(const model::Entry& entry, const std::string& statement);

}  // namespace pghaul::restore
