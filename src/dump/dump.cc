#include "dump/dump.h"

#include <fmt/format.h>
#include <malloc.h>

#include <unordered_map>

#include "base/error.h"
#include "base/workers.h"
#include "catalog/inventory.h"
#include "dump/lock.h"
#include "dump/reader.h"
#include "model/ident.h"

namespace pghaul::dump {
namespace {

std::string export_snapshot(pg::Connection& keeper, const Options& options) {
  if (!options.snapshot.empty()) return options.snapshot;
  return keeper.scalar("SELECT pg_catalog.pg_export_snapshot()");
}

// To read the catalog with and then rows. A role that may connect once only reads the catalog slower.
std::optional<pg::Connection> second_connection(const Options& options, const std::string& snapshot, Progress& progress) {
  try {
    return connect_to_snapshot(options, snapshot);
  } catch (const Error& error) {
    if (error.fault() != Fault::connect) throw;
    progress.debug("no second connection to read the catalog with: " + error.message());
    return std::nullopt;
  }
}

model::Inventory read_catalog(pg::Connection& keeper, std::optional<pg::Connection>& second, const Options& options, Progress& progress) {
  catalog::ReadOptions read;
  read.second = &second;
  read.large_objects = options.selection.large_objects.value_or(true);
  read.globals = options.globals, read.role_passwords = options.role_passwords;
  read.foreign_data = !options.selection.foreign_data.empty();
  read.progress = [&](std::string_view title) {
    if (options.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
    progress.phase("reading the catalog: " + std::string(title));
  };
  std::optional<pg::Canceller> canceller;
  if (second) canceller.emplace(second->canceller());
  std::stop_callback on_stop(options.stop, [&] {
    if (canceller) canceller->cancel();
  });
  model::Inventory inventory = catalog::read_inventory(keeper, read);
  malloc_trim(0);  // what a large catalog took while it was put together goes back to the system before there are rows
  return inventory;
}

// What is wanted of it. What that needs and does not hold is told, for someone who may have it on the target.
model::Inventory taken(model::Inventory whole, const Options& options, Progress& progress) {
  constexpr std::size_t told_at_most = 30;
  bool everything = options.selection == model::Selection{};
  model::Selected selected = everything ? model::Selected{std::move(whole), {}, {}} : model::select(std::move(whole), options.selection);
  for (const std::string& warning : selected.inventory.warnings) progress.warn(warning);
  if (!selected.missing.empty())
    progress.warn("the selection needs what it leaves out; a target must have it, or take it along with --with-dependencies:" +
                  model::to_text(selected.missing, told_at_most));
  return std::move(selected.inventory);
}

using Relations = std::unordered_map<model::EntryId, RelationState>;

Relations make_relations(const model::Inventory& inventory, const Plan& plan) {
  Relations relations;
  for (const Task& task : plan.tasks) {
    RelationState& relation = relations[task.relation];
    ++relation.open_tasks;
    relation.format = inventory.at(task.relation).data->format;
    relation.sum.relation = task.relation;
  }
  return relations;
}

// first: a connection on the snapshot that is there already, if any.
void read_rows(const Options& options, const Report& report, const std::string& snapshot, pg::Connection& keeper,
               std::optional<pg::Connection> first, format::Sink& sink, Progress& progress) {
  Relations relations = make_relations(*report.inventory, report.plan);
  std::atomic<std::size_t> next{0};
  RateLimit rate(options.rate_limit);
  std::size_t count = std::min<std::size_t>(options.jobs, report.plan.tasks.size());
  std::mutex mutex;
  std::vector<const Task*> for_the_keeper;
  Workers workers([&](std::exception_ptr failure) {
    next = report.plan.tasks.size();
    sink.fail(failure);
    rate.lift();
  });
  for (std::size_t i = 0; i < count; ++i)
    workers.start([&, i] {
      Reader reader(options, *report.inventory, snapshot, sink, rate, progress);
      if (i == 0 && first) reader.adopt(*std::exchange(first, std::nullopt));
      for (std::size_t number; (number = next++) < report.plan.tasks.size();) {
        const Task& task = report.plan.tasks[number];
        if (reader.read(task, relations.at(task.relation))) continue;
        std::lock_guard lock(mutex);
        for_the_keeper.push_back(&task);
      }
    });
  workers.join();
  if (for_the_keeper.empty()) return;
  Reader reader(options, *report.inventory, snapshot, sink, rate, progress);
  reader.adopt(std::move(keeper));
  for (const Task* task : for_the_keeper) reader.read(*task, relations.at(task->relation));
  keeper = reader.give_back();
}

// What to do about a statement that the server refused, where the server itself has no advice.
std::string advice(const Error& error) {
  if (error.fault() != Fault::server) return "";
  if (error.statement().starts_with("SET ROLE")) return "check the name after --role, and that the user may take that role";
  if (error.sqlstate() == "42501")
    return "connect as a role that may read everything (GRANT pg_read_all_data TO ..., and BYPASSRLS where row-level security is used)";
  return "see the server's log; nothing was changed on the source";
}

}  // namespace

catalog::SessionOptions session_options(const Options& options) { return {options.row_security, !options.selection.foreign_data.empty()}; }

Report run(const Options& options, format::Sink& sink, Progress& progress) {
  try {
    progress.phase("connecting to the source");
    pg::Connection keeper(options.source);
    auto canceller = keeper.canceller();
    std::stop_callback on_stop(options.stop, [&] { canceller.cancel(); });
    catalog::prepare_session(keeper, session_options(options));
    if (!options.role.empty()) keeper.exec("SET ROLE " + model::quote_ident(options.role));
    progress.phase("locking the tables");
    lock_and_begin(keeper, options, progress);
    std::string snapshot = export_snapshot(keeper, options);

    std::optional<pg::Connection> second = second_connection(options, snapshot, progress);
    auto inventory = std::make_shared<model::Inventory>(taken(read_catalog(keeper, second, options, progress), options, progress));
    inventory->origin.snapshot = snapshot;
    choose_formats(*inventory, options.copy_format);
    Report report;
    report.plan = make_plan(*inventory, options.jobs, Cutting{});
    report.inventory = std::move(inventory);
    if (options.dry_run) return report;

    progress.expect(report.plan.bytes);
    progress.tables_total = static_cast<std::uint32_t>(make_relations(*report.inventory, report.plan).size());
    sink.begin(report.inventory);
    progress.phase("copying rows");
    read_rows(options, report, snapshot, keeper, std::move(second), sink, progress);
    progress.phase("finishing the archive");
    with_context([] { return std::string("the connection that holds the snapshot and the locks"); }, [&] { keeper.exec("COMMIT"); });
    report.totals = sink.finish();
    return report;
  } catch (...) {
    sink.fail(std::current_exception());
    if (options.stop.stop_requested())
      throw Error(Fault::cancelled, "stopped: no archive was written").hint("run it again at any time; the source was only read");
    try {
      throw;
    } catch (const Error& error) {
      Error told = error;
      if (told.hint().empty()) told.set_hint(advice(told));
      throw told;
    }
  }
}

}  // namespace pghaul::dump
