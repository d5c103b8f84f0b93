// SUBSCRIPTION: created disabled and without a connection being opened; its slot is neither made nor touched. Only who may read
// the connection strings can carry them.
#include <fmt/format.h>

#include "catalog/kind/table/relation.h"
#include "catalog/kinds.h"
#include "model/ident.h"

namespace pghaul::catalog::kind {

namespace {

struct Subscription {
  Oid oid = 0;
  std::string name, owner, connection, slot, synchronous_commit, origin;
  std::vector<std::string> publications;
  bool binary = false, disable_on_error = false, password_required = true, run_as_owner = false, failover = false;
  char streaming = 'f';  // 'f' off, 't' on, 'p' parallel
  char two_phase = 'd';  // 'd' disabled
};

constexpr std::string_view kPermissionQuery =
    "SELECT pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')";
constexpr std::string_view kNamesQuery = R"(
SELECT s.subname FROM pg_catalog.pg_subscription AS s
JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
WHERE d.datname = pg_catalog.current_database()
ORDER BY s.subname)";

// Before 16, changes were applied as the subscription's owner, which later servers call run_as_owner.
// {fourteen}, {streaming}: server 14; {fifteen}: 15; {sixteen}: 16; {failover}: 17.
constexpr std::string_view kSubscriptionsQuery = R"(
SELECT s.oid, s.subname, s.subowner, s.subconninfo, s.subslotname, s.subsynccommit, s.subpublications,
  {fourteen}, {streaming}, {fifteen}, {sixteen}, {failover}
FROM pg_catalog.pg_subscription AS s
JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
WHERE d.datname = pg_catalog.current_database()
ORDER BY s.subname)";

std::string query(const Session& session) {
  std::string_view streaming = session.at_least(16)   ? "s.substream"
                               : session.at_least(14) ? "CASE WHEN s.substream THEN 't' ELSE 'f' END"
                                                      : "'f'";
  return fmt::format(kSubscriptionsQuery, fmt::arg("fourteen", session.at_least(14) ? "s.subbinary" : "false"), fmt::arg("streaming", streaming),
                     fmt::arg("fifteen", session.at_least(15) ? "s.subtwophasestate, s.subdisableonerr" : "'d', false"),
                     fmt::arg("sixteen", session.at_least(16) ? "s.subpasswordrequired, s.subrunasowner, s.suborigin" : "true, true, 'any'"),
                     fmt::arg("failover", session.at_least(17) ? "s.subfailover" : "false"));
}

Subscription read(const Session& session, const pg::Row& row) {
  Fields fields(row);
  Subscription subscription;
  subscription.oid = fields.oid();
  subscription.name = fields.str();
  subscription.owner = session.role(fields.oid());
  subscription.connection = fields.str();
  subscription.slot = fields.str();
  subscription.synchronous_commit = fields.str();
  subscription.publications = fields.array();
  subscription.binary = fields.boolean();
  subscription.streaming = fields.letter();
  subscription.two_phase = fields.letter();
  subscription.disable_on_error = fields.boolean();
  subscription.password_required = fields.boolean();
  subscription.run_as_owner = fields.boolean();
  subscription.origin = fields.str();
  subscription.failover = fields.boolean();
  return subscription;
}

std::string options(const Subscription& subscription) {
  std::vector<std::string> all = {"connect = false"};
  all.push_back("slot_name = " + (subscription.slot.empty() ? "NONE" : model::quote_literal(subscription.slot)));
  if (subscription.binary) all.push_back("binary = true");
  if (subscription.streaming == 't') all.push_back("streaming = on");
  if (subscription.streaming == 'p') all.push_back("streaming = parallel");
  if (subscription.two_phase != 'd') all.push_back("two_phase = on");
  if (subscription.disable_on_error) all.push_back("disable_on_error = true");
  if (!subscription.password_required) all.push_back("password_required = false");
  if (subscription.failover) all.push_back("failover = true");
  if (subscription.synchronous_commit != "off") all.push_back("synchronous_commit = " + model::quote_literal(subscription.synchronous_commit));
  if (subscription.origin != "any") all.push_back("origin = " + model::quote_literal(subscription.origin));
  return joined(all);
}

// The lowest server that has all that the text uses.
void require_features(const Subscription& subscription, model::Entry& entry) {
  std::string of = " of subscription " + subscription.name;
  if (subscription.binary || subscription.streaming != 'f') require_version(entry, 14, "binary or streaming" + of);
  if (subscription.two_phase != 'd' || subscription.disable_on_error) require_version(entry, 15, "two_phase or disable_on_error" + of);
  if (subscription.streaming == 'p' || !subscription.password_required || subscription.origin != "any")
    require_version(entry, 16, "parallel streaming, password_required or origin" + of);
  if (subscription.failover) require_version(entry, 17, "failover" + of);
}

Draft emit(const Subscription& subscription) {
  Draft draft = start_draft(model::Kind::subscription, {catalog_oid::subscription, subscription.oid, 0}, "", subscription.name,
                            "SUBSCRIPTION " + model::quote_ident(subscription.name));
  draft.entry->section = model::Section::post_data;
  draft.entry->late = true;
  set_owner(draft, subscription.owner);
  require_features(subscription, *draft.entry);
  std::vector<std::string> publications;
  for (const std::string& name : subscription.publications) publications.push_back(model::quote_ident(name));
  draft.text = {fmt::format("CREATE {} CONNECTION {} PUBLICATION {} WITH ({})", draft.phrase, model::quote_literal(subscription.connection),
                            joined(publications), options(subscription))};
  // What all did before 16, and what 16 and later do only if they are told.
  if (subscription.run_as_owner)
    draft.entry->extras.push_back({model::Extra::Policy::later, "ALTER " + draft.phrase + " SET (run_as_owner = true)"});
  return draft;
}

}  // namespace

void read_subscriptions(const Session& session, Drafts& drafts) {
  if (session.connection.scalar(std::string(kPermissionQuery)) != "t") {
    session.connection.stream(std::string(kNamesQuery), [&](const pg::Row& row) {
      session.warnings->push_back("subscription " + row.str(0) + " is left out: only a superuser may read its connection string");
    });
    return;
  }
  session.connection.stream(query(session), [&](const pg::Row& row) {
    Subscription subscription = read(session, row);
    if (!session.extension_members.contains({catalog_oid::subscription, subscription.oid, 0})) drafts.add(emit(subscription));
  });
}

}  // namespace pghaul::catalog::kind
