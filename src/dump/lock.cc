#include "dump/lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "base/error.h"
#include "catalog/inventory.h"
#include "dump/reader.h"
#include "model/ident.h"

namespace pghaul::dump {
namespace {

// Ordinary and partitioned tables, and sequences with the table that owns them; extensions' own ones are left out. The privileges of a table that is
// dropped meanwhile are NULL: locking it will tell.
constexpr std::string_view table_query = R"(
SELECT n.nspname, c.relname, (pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT')) IS NOT FALSE,
       pg_catalog.has_schema_privilege(n.oid, 'USAGE') IS NOT FALSE, c.oid,
       (SELECT pg_catalog.array_agg(i.inhparent::pg_catalog.text) FROM pg_catalog.pg_inherits AS i WHERE i.inhrelid = c.oid),
       c.relkind = 'S', o.refobjid, o.deptype = 'i'
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
       LEFT JOIN pg_catalog.pg_depend AS o
         ON c.relkind = 'S' AND o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objid = c.oid AND o.objsubid = 0
            AND o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
 WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1, 2)";

using Tables = std::set<std::string>;

// All there are, as far as a selection looks at them: names and children.
struct Candidates {
  model::Inventory inventory;
  std::vector<bool> readable;  // of entries[i]
};

Candidates list_tables(pg::Connection& keeper) {
  Candidates all;
  all.inventory.origin = catalog::read_origin(keeper);
  std::map<std::string, model::EntryId> ids;  // by OID
  std::vector<std::vector<std::string>> parents;
  std::vector<std::string> owners;
  keeper.stream(std::string(table_query), [&](const pg::Row& row) {
    model::Entry& entry = all.inventory.entries.emplace_back();
    entry.id = static_cast<model::EntryId>(all.inventory.entries.size());
    entry.schema = row.str(0), entry.name = row.str(1);
    ids.emplace(row.str(4), entry.id);
    parents.push_back(row.array(5));
    if (row.boolean(6)) entry.kind = model::Kind::sequence;
    owners.push_back(row.str(7));
    if (!row.boolean(8)) entry.drop_sql = "DROP SEQUENCE";  // not an identity column's
    all.readable.push_back(row.boolean(2) && row.boolean(3));
  });
  for (std::size_t i = 0; i < parents.size(); ++i)
    for (const std::string& parent : parents[i])
      if (auto found = ids.find(parent); found != ids.end()) all.inventory.entries[i].inherits.push_back(found->second);
  for (std::size_t i = 0; i < owners.size(); ++i)
    if (auto found = ids.find(owners[i]); found != ids.end()) all.inventory.entries[i].parent = found->second;
  return all;
}

// Only what is taken has to be readable. What dependencies bring along is not known yet: then all are locked.
Tables readable_tables(pg::Connection& keeper, const Options& options) {
  model::Selection selection = options.selection;
  if (selection.with_dependencies) selection = {};
  selection.pre_data = true, selection.list.reset();
  Candidates all = list_tables(keeper);
  model::Selected selected = model::select_leniently(std::move(all.inventory), selection);
  Tables tables;
  std::string refused;
  std::size_t refusals = 0;
  for (std::size_t i = 0; i < selected.from.size(); ++i) {
    const model::Entry& entry = selected.inventory.entries[i];
    std::string name = model::qualified(entry.schema, entry.name);
    bool readable = all.readable[selected.from[i] - 1], is_sequence = entry.kind == model::Kind::sequence;
    if (is_sequence && (readable || !options.selection.data)) continue;
    if (readable) tables.insert(std::move(name));
    else if (++refusals <= 20) refused += (refused.empty() ? "" : ", ") + printable(name);
  }
  if (refusals > 20) refused += fmt::format(" and {} more", refusals - 20);
  if (refusals)
    throw Error(Fault::preflight, fmt::format("no privilege to read {} table(s) or sequence(s): {}", refusals, refused))
        .sqlstate("42501")
        .hint("connect as a role that may read everything (GRANT pg_read_all_data TO ...), or take another --role; -T leaves tables out");
  return tables;
}

// Puts those that were locked into `locked`. A batch that holds one that is gone is taken apart.
void lock_batch(pg::Connection& keeper, std::span<const std::string> tables, Tables& locked) {
  std::string names;
  for (const std::string& table : tables) names += (names.empty() ? "ONLY " : ", ONLY ") + table;
  try {
    keeper.exec("SAVEPOINT locked; LOCK TABLE " + names + " IN ACCESS SHARE MODE; RELEASE SAVEPOINT locked");
    locked.insert(tables.begin(), tables.end());
  } catch (const Error& error) {
    bool vanished = error.sqlstate() == "42P01" || error.sqlstate() == "3F000";
    if (!vanished) throw;
    keeper.exec("ROLLBACK TO SAVEPOINT locked; RELEASE SAVEPOINT locked");
    if (tables.size() == 1) return;
    lock_batch(keeper, tables.first(tables.size() / 2), locked);
    lock_batch(keeper, tables.subspan(tables.size() / 2), locked);
  }
}

void lock_all(pg::Connection& keeper, std::span<const std::string> tables, Tables& locked) {
  constexpr std::size_t at_once = 2000;
  for (; !tables.empty(); tables = tables.subspan(std::min(tables.size(), at_once)))
    lock_batch(keeper, tables.first(std::min(tables.size(), at_once)), locked);
}

std::vector<std::string> without(const Tables& tables, const Tables& known) {
  std::vector<std::string> rest;
  std::ranges::set_difference(tables, known, std::back_inserter(rest));
  return rest;
}

// One attempt. false: a table came meanwhile. lister: sees tables come while the keeper must not look yet.
bool try_lock(pg::Connection& keeper, std::optional<pg::Connection>& lister, const Options& options) {
  Tables locked, listed = readable_tables(keeper, options);
  catalog::prepare_transaction(keeper, options.snapshot, options.deferrable);
  lock_all(keeper, without(listed, {}), locked);  // LOCK takes no snapshot: the first query below does
  if (lister && options.snapshot.empty()) {
    constexpr int rounds = 10;
    for (int round = 0; round < rounds && !options.stop.stop_requested(); ++round) {
      std::vector<std::string> added = without(readable_tables(*lister, options), locked);
      if (added.empty()) break;
      lock_all(keeper, added, locked);
    }
  }
  // A table that appeared between the list and the snapshot is in the snapshot, but not locked.
  if (without(readable_tables(keeper, options), locked).empty()) return true;
  if (!options.snapshot.empty()) throw Error(Fault::preflight, "the imported snapshot holds tables that are gone by now");
  keeper.exec("ROLLBACK");
  return false;
}

// None: the role may connect once only.
std::optional<pg::Connection> make_lister(const Options& options) {
  try {
    return connect_to_source(options);
  } catch (const Error& error) {
    if (error.fault() != Fault::connect) throw;
    return std::nullopt;
  }
}

}  // namespace

void lock_and_begin(pg::Connection& keeper, const Options& options, Progress& progress) {
  constexpr int attempts = 20;
  if (options.lock_timeout_ms) keeper.exec(fmt::format("SET lock_timeout = {}", options.lock_timeout_ms));
  std::optional<pg::Connection> lister;  // only where the first attempt showed that tables come
  for (int attempt = 1;; ++attempt) {
    bool locked = with_context([] { return std::string("locking the tables"); }, [&] {
      try {
        return try_lock(keeper, lister, options);
      } catch (Error& error) {
        if (error.sqlstate() == "55P03")
          error.set_hint("another session holds a lock that dumping has to wait for; try later, or raise --lock-wait-timeout");
        if (error.sqlstate() == "53200") error.set_hint("raise max_locks_per_transaction on the source: there is one lock a table");
        throw;
      }
    });
    if (locked) break;
    if (options.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
    if (attempt == attempts)
      throw Error(Fault::server, "tables of the source keep being created and dropped; no consistent state could be locked")
          .hint("dump when no DDL runs");
    progress.info("tables of the source changed while they were being locked; locking again");
    if (!lister) lister = make_lister(options);
  }
  if (options.lock_timeout_ms) keeper.exec("SET lock_timeout = 0");
}

}  // namespace pghaul::dump
