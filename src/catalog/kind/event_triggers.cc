// EVENT TRIGGER. Made at the very end: an enabled one would react to the restore itself.

#include <fmt/format.h>

#include "base/error.h"
#include "catalog/drafting.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {
namespace {

struct EventTrigger {
  Oid oid;
  std::string name, owner, event, function;  // function: regproc text
  char enabled;                              // 'O': origin, 'D', 'R', 'A'
  std::vector<std::string> tags;
};

constexpr std::string_view event_trigger_query = R"(
SELECT e.oid, e.evtname, e.evtowner, e.evtevent, e.evtfoid::pg_catalog.regproc, e.evtenabled, e.evttags
  FROM pg_catalog.pg_event_trigger AS e
 WHERE e.oid >= 16384
 ORDER BY e.evtname)";

EventTrigger read(const Session& session, const pg::Row& row) {
  Fields f(row);
  return {f.oid(), f.str(), session.role(f.oid()), f.str(), f.str(), f.letter(), f.array()};
}

std::string_view enabled_clause(const EventTrigger& trigger) {
  switch (trigger.enabled) {
    case 'O': return "";
    case 'D': return "DISABLE";
    case 'R': return "ENABLE REPLICA";
    case 'A': return "ENABLE ALWAYS";
    default:
      throw Error(Fault::unsupported,
                  fmt::format("event trigger {} is in the unknown state '{}'", printable(trigger.name), trigger.enabled));
  }
}

Draft emit(const EventTrigger& trigger) {
  Draft draft = start_draft(model::Kind::event_trigger, {catalog_oid::event_trigger, trigger.oid}, "", trigger.name,
                            "EVENT TRIGGER " + model::quote_ident(trigger.name));
  std::vector<std::string> tags;
  for (const std::string& tag : trigger.tags) tags.push_back(model::quote_literal(tag));
  std::string sql = "CREATE " + draft.phrase + " ON " + model::quote_ident(trigger.event);
  if (!tags.empty()) sql += "\n  WHEN TAG IN (" + joined(tags) + ")";
  sql += "\n  EXECUTE FUNCTION " + trigger.function + "()";
  if (std::string_view state = enabled_clause(trigger); !state.empty()) sql += ";\nALTER " + draft.phrase + " " + std::string(state);
  draft.text.push_back(std::move(sql));
  draft.entry->section = model::Section::post_data;
  draft.entry->late = true;
  if (trigger.event == "login")
    draft.entry->requires_on_target.push_back({model::Requirement::What::server_version, "event triggers on login", "", 17});
  set_owner(draft, trigger.owner);
  return draft;
}

}  // namespace

void read_event_triggers(const Session& session, Drafts& drafts) {
  session.connection.stream(std::string(event_trigger_query), [&](const pg::Row& row) {
    EventTrigger trigger = read(session, row);
    if (session.is_users(catalog_oid::event_trigger, trigger.oid, 0)) drafts.add(emit(trigger));
  });
}

}  // namespace pghaul::catalog::kind
