#include "restore/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "base/workers.h"
#include "model/ident.h"
#include "restore/apply.h"
#include "restore/build_settings.h"
#include "restore/clean.h"
#include "restore/crew.h"
#include "restore/globals.h"
#include "restore/preflight.h"
#include "restore/target.h"
#include "restore/triggers.h"

namespace pghaul::restore {
namespace {

using model::Entry;

class Restore {
 public:
  Restore(const Options& options, format::Source& source, Progress& progress)
      : options_(options), source_(source), progress_(progress), inventory_(source.inventory()) {}

  // What a restore that failed or was stopped leaves behind: a sentence, or nothing when it changed nothing.
  std::string left_behind() const {
    const Report& done = ledger_.report;
    if (!main_ || (done.entries == 0 && done.rows == 0 && !options_.create)) return "";
    return fmt::format("database {} holds a part of the archive: {} of {} entries, {} rows", printable(model::quote_ident(done.database)),
                       done.entries, inventory_.entries.size(), done.rows);
  }

  Report run() {
    open();
    create();
    work();
    if (options_.analyze) analyze();
    finish();
    return std::move(ledger_.report);
  }

 private:
  void open() {
    progress_.phase("checking the target");
    auto check = [&](pg::Connection& connection) {
      check_requirements(connection, options_, inventory_, progress_);
      check_new_names(connection, options_, inventory_);
    };
    auto prepare = [&](pg::Connection& connection) {
      check(connection);
      make_globals(connection);
    };
    target_ = open_database(options_, inventory_, prepare, progress_);
    main_.emplace(target_);
    if (!options_.create) check(*main_);
    if (!options_.clean && !options_.create) check_room(*main_, inventory_);
    if (!options_.create) make_globals(*main_);
    prepare_session(*main_, options_, inventory_);
    policy_ = options_.policy;
    policy_.own_role = main_->scalar("SELECT current_user");
    ledger_.report.database = main_->database();
    if (options_.clean && !options_.create) clean();
  }

  // What belongs to the server: before anything that belongs to it.
  void make_globals(pg::Connection& connection) {
    restore_globals(connection, inventory_, progress_);
    if (options_.create_roles) create_roles(connection, missing_roles(connection, options_, inventory_));
  }

  void clean() {
    progress_.phase("dropping what is there");
    for (const std::string& statement : drop_statements(inventory_, options_.if_exists)) {
      if (options_.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
      try {
        main_->exec(statement);
      } catch (Error& error) {
        if (error.fault() != Fault::server || !options_.keep_going) {
          if (!options_.if_exists) error.set_hint("--if-exists passes over what is not there; --keep-going over all that cannot be dropped");
          throw;
        }
        progress_.warn("could not drop: " + error.message());
      }
    }
  }

  using Entries = std::vector<const Entry*>;

  // Runs entries one after another on the main connection.
  void apply(const Entries& entries, const Applier::Statements& statements, const Applier::Refused& refused) {
    auto canceller = main_->canceller();
    std::stop_callback on_stop(options_.stop, [&] { canceller.cancel(); });
    apply_on(*main_, entries, statements, refused);
  }

  // Any thread, with a connection of its own.
  void apply_on(pg::Connection& connection, Entries entries, const Applier::Statements& statements, const Applier::Refused& refused) {
    std::erase_if(entries, [&](const Entry* entry) { return lost(*entry); });
    Applier(connection, statements, refused)
        .apply(
            entries,
            [&](const Entry&) {
              std::lock_guard lock(mutex_);
              ++ledger_.report.entries;
              ++progress_.entries_done;
              if (options_.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
            },
            [&](const Entry& entry, Error error) {
              if (options_.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
              if (!options_.keep_going) throw error;
              std::lock_guard lock(mutex_);
              skip(entry, error.message());
            });
  }

  Applier::Statements creation_statements() {
    return [this](const Entry& entry, Defaults& defaults) {
      return lost(entry) ? std::vector<std::string>{} : creation(entry, policy_, defaults);
    };
  }

  Applier::Refused refused_creation() {
    return [this](const Entry& entry, const std::string& statement, const Error& error) {
      std::lock_guard lock(mutex_);
      if (is_for_later(entry, statement)) return;
      if (options_.keep_going) ledger_.leave_out(entry, statement, error);
      else throw error;
    };
  }

  // An extension's member, or an object of the system, that the target's version does not have: nothing is lost that it could hold.
  void refused_privileges(const Entry& entry, const std::string& statement, const Error& error) {
    static const std::set<std::string> undefined = {"42P01", "42703", "42704", "42883", "3F000"};
    if (entry.create_sql.empty() && undefined.contains(error.sqlstate()))
      progress_.warn(fmt::format("privileges on {} are left out: {}; its version on the target has none of that name", model::describe(entry), error.message()));
    else if (options_.keep_going) ledger_.leave_out(entry, statement, error);
    else throw error;
  }

  bool lost(const Entry& entry) {
    std::lock_guard lock(mutex_);
    if (ledger_.failed.contains(entry.id)) return true;
    for (model::EntryId on : entry.depends_on)
      if (ledger_.failed.contains(on)) {
        skip(entry, "needs " + model::describe(inventory_.at(on)));
        return true;
      }
    return false;
  }

  void skip(const Entry& entry, std::string reason) {
    ledger_.failed.insert(entry.id);
    ledger_.report.skipped.push_back({fmt::format("{} (entry {})", model::describe(entry), entry.id), std::move(reason)});
  }

  void create() {
    progress_.phase("creating the schema");
    progress_.entries_total = static_cast<std::uint32_t>(inventory_.entries.size());
    std::vector<const Entry*> entries;
    for (const Entry& entry : inventory_.entries) {
      if (entry.kind == model::Kind::database || is_global(entry.kind) || entry.data || entry.late) continue;
      if (entry.section != model::Section::post_data) entries.push_back(&entry);
    }
    // Most of a large schema is tables, one beside the other: they are made in parallel. All else goes in order.
    for (std::size_t begin = 0, end; begin < entries.size(); begin = end) {
      end = begin + 1;
      if (is_side_by_side(*entries[begin], *entries[begin]))
        while (end < entries.size() && is_side_by_side(*entries[end], *entries[begin])) ++end;
      else
        while (end < entries.size() && !is_side_by_side(*entries[end], *entries[end])) ++end;
      apply_run({entries.begin() + static_cast<std::ptrdiff_t>(begin), entries.begin() + static_cast<std::ptrdiff_t>(end)});
    }
  }

  // A table or sequence that needs nothing of what comes from first on: neither as a type, nor as a parent.
  static bool is_side_by_side(const Entry& entry, const Entry& first) {
    if (entry.kind != model::Kind::table && entry.kind != model::Kind::sequence) return false;
    return entry.inherits.empty() && std::all_of(entry.depends_on.begin(), entry.depends_on.end(), [&](model::EntryId id) { return id < first.id; });
  }

  void apply_run(const Entries& run) {
    constexpr std::size_t together = 50;
    if (options_.jobs == 1 || run.size() < 4 * together || !is_side_by_side(*run.back(), *run.front())) return apply(run, creation_statements(), refused_creation());
    in_parallel((run.size() + together - 1) / together, [&](pg::Connection& connection, std::size_t piece) {
      auto from = run.begin() + static_cast<std::ptrdiff_t>(piece * together);
      apply_on(connection, {from, run.begin() + static_cast<std::ptrdiff_t>(std::min(run.size(), (piece + 1) * together))}, creation_statements(),
               refused_creation());
    });
  }

  void work() {
    progress_.phase("loading rows, building indexes");
    progress_.tables_done = 0;
    std::uint32_t tables = 0;
    std::uint64_t bytes = 0;
    for (const Entry& entry : inventory_.entries)
      if (entry.data) ++tables, bytes += entry.data->bytes;
    progress_.tables_total = tables;
    if (progress_.bytes_expected == 0) progress_.expect(bytes);  // a copy's reading end knows better
    std::optional<SilentTriggers> silent;
    if (options_.disable_triggers) silent.emplace(*main_, inventory_);
    Crew(options_, target_, inventory_, ledger_, BuildSettings(*main_, options_), progress_).work(source_);
    if (silent) silent->put_back();
  }

  // Large tables one a statement, small ones many: each ANALYZE of a list is a transaction a table.
  std::vector<std::string> analyze_statements() const {
    constexpr std::uint64_t large = 8 << 20;
    constexpr std::size_t together = 50;
    std::vector<const Entry*> tables;
    for (const Entry& entry : inventory_.entries)
      if (entry.data && entry.data->load == model::DataSpec::Load::copy && !ledger_.failed.contains(entry.id)) tables.push_back(&entry);
    std::stable_sort(tables.begin(), tables.end(), [](const Entry* a, const Entry* b) { return a->data->bytes > b->data->bytes; });
    std::vector<std::string> statements;
    std::size_t in_last = together;
    for (const Entry* table : tables) {
      bool alone = table->data->bytes >= large;
      if (alone || in_last == together) statements.push_back("ANALYZE " + table->data->relation), in_last = alone ? together : 1;
      else statements.back() += ", " + table->data->relation, ++in_last;
    }
    return statements;
  }

  void analyze() {
    progress_.phase("analyzing");
    const std::vector<std::string> statements = analyze_statements();
    in_parallel(statements.size(), [&](pg::Connection& connection, std::size_t number) {
      try {
        connection.exec(statements[number]);
      } catch (const Error& error) {
        if (error.fault() != Fault::server || options_.stop.stop_requested()) throw;
        progress_.warn(fmt::format("could not analyze: {}", error.message()));
      }
    });
  }

  // run_one for each number below count, on as many connections as there are jobs.
  void in_parallel(std::size_t count, const std::function<void(pg::Connection&, std::size_t)>& run_one) {
    std::atomic<std::size_t> next{0};
    Workers workers([&](std::exception_ptr) { next = count; });
    for (std::size_t i = 0; i < std::min<std::size_t>(options_.jobs, count); ++i)
      workers.start([&] {
        pg::Connection connection(target_);
        prepare_session(connection, options_, inventory_);
        auto canceller = connection.canceller();
        std::stop_callback on_stop(options_.stop, [&] { canceller.cancel(); });
        for (std::size_t at; (at = next++) < count;) {
          if (options_.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
          run_one(connection, at);
        }
      });
    workers.join();
  }

  void finish() {
    progress_.phase("finishing");
    std::vector<const Entry*> with_privileges, late;
    for (const Entry& entry : inventory_.entries) {
      if (entry.kind == model::Kind::database) continue;
      if (!entry.acls.empty()) with_privileges.push_back(&entry);
      if (entry.late) late.push_back(&entry);
    }
    std::uint64_t before = ledger_.report.entries;
    Policy policy = options_.policy;
    policy.maintain = has_maintain(*main_);
    apply(with_privileges, [&](const Entry& entry, Defaults&) { return privileges_by_object(entry, policy); },
          [this](const Entry& entry, const std::string& statement, const Error& error) { refused_privileges(entry, statement, error); });
    ledger_.report.entries = before;
    apply(late, creation_statements(), refused_creation());
    for (const auto& [old_name, new_name] : options_.schemas)
      main_->exec(fmt::format("ALTER SCHEMA {} RENAME TO {}", model::quote_ident(old_name), model::quote_ident(new_name)));
    // What was committed asynchronously is on disk before the restore is called done.
    main_->exec("SET synchronous_commit = on; SELECT pg_catalog.txid_current()");
  }

  const Options& options_;
  format::Source& source_;
  Progress& progress_;
  const model::Inventory& inventory_;
  pg::ConnectOptions target_;
  std::optional<pg::Connection> main_;
  Policy policy_;
  std::mutex mutex_;  // guards the ledger while several connections create
  Ledger ledger_;
};

// What to do about a statement that the server refused, where the server itself has no advice.
std::string advice(const Error& error) {
  if (error.fault() != Fault::server) return "";
  if (error.sqlstate() == "22021" || error.sqlstate() == "22P05")
    return "the target's encoding cannot hold this text: restore into a database of the source's encoding (--create makes one)";
  if (error.sqlstate() == "42501") return "restore as the database's owner or a superuser; --no-owner and --no-privileges ask for less";
  if (error.statement().starts_with("SET ROLE")) return "check the name after --role, and that the user may take that role";
  return "--keep-going restores the rest, and lists what was left out";
}

}  // namespace

Report run(const Options& options, format::Source& source, Progress& progress) {
  std::optional<Restore> restore;
  try {
    return restore.emplace(options, source, progress).run();
  } catch (...) {
    source.fail(std::current_exception());
    std::string left = restore ? restore->left_behind() : "";
    const std::string again = "drop the database, or what is in it, before you restore again";
    if (options.stop.stop_requested())
      throw Error(Fault::cancelled, "stopped: " + (left.empty() ? "nothing was changed" : left)).hint(left.empty() ? "run it again at any time" : again);
    if (!left.empty()) progress.warn(left + "; " + again);
    try {
      throw;
    } catch (const Error& error) {
      Error told = error;
      if (told.hint().empty()) told.set_hint(advice(told));
      throw told;
    }
  }
}

}  // namespace pghaul::restore
