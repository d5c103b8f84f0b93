#include "restore/globals.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/existence.h"
#include "model/ident.h"
#include "restore/presence.h"

namespace pghaul::restore {
namespace {

using model::Entry;
using model::Kind;

void run(pg::Connection& connection, const Entry& entry, Progress& progress) {
  try {
    connection.exec(entry.create_sql);
    for (const model::Extra& extra : entry.extras) connection.exec(extra.sql);
    for (const model::Comment& comment : entry.comments)
      connection.exec(fmt::format("COMMENT ON {} IS {}", comment.object, model::quote_literal(comment.text)));
  } catch (const Error& error) {
    bool is_object = entry.kind == Kind::role || entry.kind == Kind::tablespace;
    if (error.fault() != Fault::server || is_object) throw;
    progress.warn(fmt::format("{} was refused: {}", model::describe(entry), error.message()));
  }
}

}  // namespace

void restore_globals(pg::Connection& connection, const model::Inventory& inventory, Progress& progress) {
  std::vector<model::Requirement> objects;
  for (const Entry& entry : inventory.entries)
    if (is_global(entry.kind))
      if (auto existence = model::existence(inventory, entry)) objects.push_back(*existence);
  Presence there = present(connection, objects);
  std::string kept;
  for (const Entry& entry : inventory.entries) {
    if (!is_global(entry.kind)) continue;
    auto existence = model::existence(inventory, entry);
    if (existence && there.contains({existence->detail, existence->name})) kept += (kept.empty() ? "" : ", ") + model::describe(entry);
    else with_context([&] { return "restoring " + model::describe(entry); }, [&] { run(connection, entry, progress); });
  }
  if (!kept.empty()) progress.warn("on the target already, and left as they are there: " + kept);
}

void check_new_names(pg::Connection& connection, const Options& options, const model::Inventory& inventory) {
  for (const auto& [old_name, new_name] : options.schemas) {
    auto is = [&](const std::string& name) {
      return [&](const Entry& entry) { return entry.kind == Kind::schema && entry.name == name && !entry.drop_sql.empty(); };
    };
    auto refuse = [](std::string why, std::string hint) { throw Error(Fault::preflight, std::move(why)).hint(std::move(hint)); };
    const auto& entries = inventory.entries;
    if (std::none_of(entries.begin(), entries.end(), is(old_name)))
      refuse("--map-schema names " + printable(old_name) + ", which is no schema that is made here",
             "only schemas that the restore itself makes can be renamed: not public, and none that is on the target already");
    if (std::any_of(entries.begin(), entries.end(), is(new_name)) && !options.schemas.contains(new_name))
      refuse("--map-schema would make two schemas " + printable(new_name), "take another name");
    bool taken = !options.create && !connection.query("SELECT FROM pg_catalog.pg_namespace WHERE nspname = " + model::quote_literal(new_name)).empty();
    if (taken) refuse("the target has a schema " + printable(new_name) + " already; nothing was changed", "take another name, or drop it first");
  }
}

}  // namespace pghaul::restore
