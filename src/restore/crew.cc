#include "restore/crew.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/workers.h"
#include "restore/apply.h"
#include "restore/retry.h"
#include "restore/target.h"

namespace pghaul::restore {
namespace {

using model::Entry;
using model::EntryId;

constexpr std::uint64_t base_cost = 64 << 10;   // of any statement, in bytes of work
constexpr std::uint64_t small_cost = 1 << 20;   // tasks up to this share a round trip
constexpr std::size_t small_tasks = 32;

bool is_build(const Entry& entry) { return entry.kind == model::Kind::index || entry.kind == model::Kind::constraint; }

bool is_parallel_work(const Entry& entry) { return entry.data || (entry.section == model::Section::post_data && !entry.late); }

// By partitioned table: the rows that its partitions get. A COPY locks its partition, then looks at the tables above; a
// transaction that keeps it from those, and wants the partition next, would end in a deadlock.
std::unordered_map<EntryId, std::vector<EntryId>> rows_below(const model::Inventory& inventory) {
  std::unordered_map<EntryId, std::vector<EntryId>> below;
  for (const Entry& rows : inventory.entries) {
    if (!rows.data || !rows.parent) continue;
    std::vector<EntryId> above = inventory.at(rows.parent).inherits;
    for (std::size_t i = 0; i < above.size(); ++i) {
      below[above[i]].push_back(rows.id);
      const std::vector<EntryId>& next = inventory.at(above[i]).inherits;
      above.insert(above.end(), next.begin(), next.end());
    }
  }
  for (const Entry& rows : inventory.entries)
    if (rows.data) below.erase(rows.parent);  // it has rows of its own: no partitioned table
  return below;
}

}  // namespace

void Ledger::leave_out(const Entry& entry, const std::string& statement, const Error& error) {
  constexpr std::size_t shown_at_most = 160;  // a comment can be long
  std::string shown = statement.size() <= shown_at_most ? statement : statement.substr(0, shown_at_most) + "...";
  report.skipped.push_back({fmt::format("{} (entry {})", model::describe(entry), entry.id), fmt::format("left out: {}: {}", shown, error.message())});
}

Crew::Crew(const Options& options, const pg::ConnectOptions& target, const model::Inventory& inventory, Ledger& ledger, BuildSettings settings,
           Progress& progress)
    : options_(options), target_(target), inventory_(inventory), ledger_(ledger), settings_(settings), progress_(progress) {
  plan();
}

void Crew::plan() {
  Planning planning;
  planning.below = rows_below(inventory_);
  std::unordered_map<EntryId, unsigned> builds;  // by table
  for (const Entry& entry : inventory_.entries)
    if (is_build(entry)) ++builds[entry.parent];
  for (const Entry& entry : inventory_.entries) {
    if (!is_parallel_work(entry)) continue;
    // ADD CONSTRAINT locks everyone else out while it builds its index. Beside other builds, the index comes first, by itself.
    if (options_.jobs > 1 && entry.two_steps && entry.size >= options_.two_steps_from && builds[entry.parent] > 1) {
      Entry& index = steps_.emplace_back();
      index.id = entry.id, index.kind = entry.kind, index.section = entry.section, index.schema = entry.schema, index.name = entry.name;
      index.create_sql = entry.two_steps->index_sql, index.tablespace = entry.tablespace, index.depends_on = entry.depends_on;
      index.size = entry.size, index.sort_bytes = entry.sort_bytes;
      for (const model::Lock& lock : entry.locks) index.locks.push_back({lock.entry, std::min(lock.mode, model::LockMode::share)});
      Entry& constraint = steps_.emplace_back(entry);
      constraint.create_sql = entry.two_steps->constraint_sql, constraint.size = constraint.sort_bytes = 0;
      add(index, planning);
      add(constraint, planning);
      planning.specs.back().after.push_back(static_cast<TaskId>(planning.specs.size() - 2));
    } else {
      add(entry, planning);
    }
    if (entry.data)
      for (EntryId earlier : entry.depends_on)
        if (relations_.contains(earlier)) followers_[earlier].push_back(entry.id);
    if (entry.data) relations_[entry.id].task = planning.task_of.at(entry.id), relations_[entry.id].entry = entry.id;
  }
  scheduler_ = std::make_unique<Scheduler>(std::move(planning.specs));
  for (TaskId task = 0; task < entry_of_.size(); ++task) {
    const Entry& entry = *entry_of_[task];
    auto lost = std::find_if(entry.depends_on.begin(), entry.depends_on.end(), [&](EntryId on) { return ledger_.failed.contains(on); });
    if (lost != entry.depends_on.end())
      give_up(task, Error(Fault::server, "needs " + model::describe(inventory_.at(*lost)) + ", which failed"));
  }
}

// Whatever waits for the entry waits for the last task that was added for it.
void Crew::add(const Entry& entry, Planning& planning) {
  TaskSpec spec;
  spec.external = entry.data.has_value();
  spec.cost = spec.external ? 0 : base_cost + entry.size;
  spec.locks = entry.locks;
  for (EntryId earlier : entry.depends_on) {
    if (auto found = planning.task_of.find(earlier); found != planning.task_of.end()) spec.after.push_back(found->second);
    spec.locks.push_back({earlier, model::LockMode::access_share});  // a statement looks at what it names
  }
  for (const model::Lock& lock : entry.locks)
    if (auto found = planning.below.find(lock.entry); found != planning.below.end() && conflict(lock.mode, model::LockMode::access_share))
      for (EntryId rows : found->second) spec.behind.push_back(planning.task_of.at(rows));
  planning.task_of[entry.id] = static_cast<TaskId>(planning.specs.size());
  entry_of_.push_back(&entry);
  planning.specs.push_back(std::move(spec));
}

void Crew::work(format::Source& source) {
  source_ = &source;
  std::stop_callback on_stop(options_.stop, [&] { stop_all(std::make_exception_ptr(Error(Fault::cancelled, "stopped"))); });
  Workers workers([&](std::exception_ptr failure) { stop_all(failure); });
  workers.start([&] { pump(source); });
  for (unsigned i = 0; i < options_.jobs; ++i) workers.start([&] { worker(); });
  try {
    workers.join();
  } catch (...) {
    if (options_.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
    throw;
  }
  if (failure_) std::rethrow_exception(failure_);
}

void Crew::stop_all(std::exception_ptr failure) noexcept {
  {
    std::lock_guard lock(mutex_);
    if (!failure_) failure_ = failure;
  }
  changed_.notify_all();
  if (source_) source_->fail(failure);
  rate_.lift();
}

// Takes items from the stream as fast as the workers want them.
void Crew::pump(format::Source& source) {
  while (auto item = source.next()) {
    std::unique_lock lock(mutex_);
    if (auto* end = std::get_if<format::RelationEnd>(&*item)) {
      if (auto found = relations_.find(end->relation); found != relations_.end()) {
        found->second.end = *end;
        settle(found->second);
      }
    } else {
      auto& chunk = std::get<std::unique_ptr<format::PendingChunk>>(*item);
      if (!relations_.contains(chunk->relation)) continue;
      changed_.wait(lock, [&] { return failure_ || chunks_.size() < room(); });
      if (failure_) return;
      chunks_.push_back(std::move(chunk));
    }
    lock.unlock();  // whoever is woken finds the mutex free
    changed_.notify_all();
  }
  std::lock_guard lock(mutex_);
  stream_ended_ = true;
  for (const auto& [id, relation] : relations_)
    if (!relation.end && !relation.given_up)
      throw Error(Fault::incomplete, "the stream ended without the end of " + model::describe(inventory_.at(id)));
  changed_.notify_all();
}

// Rows that refer to other rows, and meet foreign keys that are on the target already, wait until those are in.
bool Crew::may_load(const Relation& relation) const {
  const std::vector<EntryId>& earlier = inventory_.at(relation.entry).depends_on;
  return std::all_of(earlier.begin(), earlier.end(), [&](EntryId id) {
    auto found = relations_.find(id);
    return found == relations_.end() || found->second.settled || found->second.given_up;
  });
}

// Called with the mutex held. The rows of a relation are in when its end is known and as many chunks as it tells are loaded.
void Crew::settle(Relation& relation) {
  if (relation.settled || relation.given_up || !relation.end || relation.loaded_chunks < relation.end->chunks || !may_load(relation)) return;
  if (relation.loaded_chunks != relation.end->chunks || relation.loaded_rows != relation.end->rows)
    throw Error(Fault::internal, fmt::format("{} chunks with {} rows were loaded of {} with {}", relation.loaded_chunks,
                                             relation.loaded_rows, relation.end->chunks, relation.end->rows));
  relation.settled = true;
  scheduler_->finished(relation.task);
  ++ledger_.report.entries;
  ++ledger_.report.tables;
  ++progress_.tables_done;
  progress_.part_done(inventory_.at(relation.entry).data->bytes, relation.end->raw_bytes);
  for (EntryId follower : followers_[relation.entry]) settle(relations_.at(follower));
}

void Crew::give_up(TaskId task, const Error& error) {
  auto note = [&](TaskId which, std::string reason) {
    const Entry& entry = *entry_of_[which];
    if (!ledger_.failed.insert(entry.id).second) return;
    ledger_.report.skipped.push_back({fmt::format("{} (entry {})", model::describe(entry), entry.id), std::move(reason)});
    if (auto found = relations_.find(entry.id); found != relations_.end()) found->second.given_up = true;
  };
  note(task, error.message());
  for (TaskId dependent : scheduler_->failed(task)) note(dependent, "needs " + model::describe(*entry_of_[task]));
}

std::optional<Crew::Job> Crew::next_job(std::unique_lock<std::mutex>& lock) {
  const unsigned builders_beside_loading = std::max(1u, options_.jobs / 2);
  for (;;) {
    if (failure_) return std::nullopt;
    // While rows wait, some workers build all the same: indexes of finished tables overlap with the loading of others.
    bool may_build = chunks_.empty() || (loading_ > 0 && building_ < builders_beside_loading);
    if (may_build) {
      if (auto task = scheduler_->start()) {
        Job job;
        job.tasks.push_back(*task);
        auto is_alone = [&](TaskId t) { return entry_of_[t]->alone; };
        if (entry_of_[*task]->size + base_cost <= small_cost && !is_alone(*task))
          while (job.tasks.size() < small_tasks) {
            auto more = scheduler_->start(small_cost, job.tasks);
            if (!more) break;
            job.tasks.push_back(*more);
            if (is_alone(*more)) break;
          }
        ++building_;
        // Only who finds nothing to do is idle: rows that are still to come, or tasks that are ready, are work for the others.
        if (stream_ended_ && chunks_.empty() && !scheduler_->has_ready()) job.idle = options_.jobs - std::min(options_.jobs, loading_ + building_);
        return job;
      }
    }
    auto loadable = std::find_if(chunks_.begin(), chunks_.end(), [&](const auto& chunk) { return may_load(relations_.at(chunk->relation)); });
    if (loadable == chunks_.end() && !chunks_.empty() && loading_ == 0 && (stream_ended_ || chunks_.size() >= room()))
      throw Error(Fault::unsupported, "the stream brings the rows of " + model::describe(inventory_.at(chunks_.front()->relation)) +
                                          " before those that they refer to")
          .hint("restore from a file instead of a pipe, or load with --disable-triggers");
    if (loadable != chunks_.end()) {
      Job job;
      job.chunk = std::move(*loadable);
      chunks_.erase(loadable);
      ++loading_;
      return job;
    }
    if (stream_ended_ && scheduler_->done()) return std::nullopt;
    changed_.wait(lock);
  }
}

void Crew::worker() {
  pg::Connection connection(target_);
  prepare_session(connection, options_, inventory_);
  Loader loader(connection, options_.chunks_a_copy);
  auto canceller = connection.canceller();
  std::stop_callback on_stop(options_.stop, [&] { canceller.cancel(); });
  std::string settings;
  std::unique_lock lock(mutex_);
  while (auto job = next_job(lock)) {
    lock.unlock();
    const bool loads = job->chunk != nullptr;
    if (loads) {
      changed_.notify_all();  // there is room for another one
      load(loader, std::move(job->chunk));
    } else {
      std::uint64_t sort_bytes = 0;
      for (TaskId task : job->tasks) sort_bytes = std::max(sort_bytes, entry_of_[task]->sort_bytes);
      if (std::string wanted = settings_.statements(job->idle, sort_bytes); wanted != settings) connection.exec(settings = std::move(wanted));
      build(connection, job->tasks);
    }
    lock.lock();
    (loads ? loading_ : building_)--;
    changed_.notify_all();
  }
  changed_.notify_all();
}

// One more that waits: of the same relation, since its COPY has begun.
std::unique_ptr<format::PendingChunk> Crew::another_of(EntryId relation) {
  std::unique_ptr<format::PendingChunk> chunk;
  {
    std::lock_guard lock(mutex_);
    if (failure_ || relations_.at(relation).given_up) return nullptr;
    auto found = std::find_if(chunks_.begin(), chunks_.end(), [&](const auto& waiting) { return waiting->relation == relation; });
    if (found == chunks_.end()) return nullptr;
    chunk = std::move(*found);
    chunks_.erase(found);
  }
  changed_.notify_all();
  return chunk;
}

void Crew::load(Loader& loader, std::unique_ptr<format::PendingChunk> first) {
  const Entry& entry = inventory_.at(first->relation);
  Relation& relation = relations_.at(first->relation);
  {
    std::lock_guard lock(mutex_);
    if (relation.given_up) return;
  }
  auto decoded = [&](format::PendingChunk& pending) {
    format::ChunkPtr chunk = pending.decode();
    rate_.take(chunk->raw.size(), options_.stop);
    return chunk;
  };
  auto next = [&]() -> format::ChunkPtr {
    auto pending = another_of(entry.id);
    return pending ? decoded(*pending) : nullptr;
  };
  try {
    std::vector<format::ChunkPtr> chunks{decoded(*first)};
    auto context = [&] {
      std::string numbers = std::to_string(chunks.front()->number);
      for (std::size_t i = 1; i < chunks.size(); ++i) numbers += fmt::format(", {}", chunks[i]->number);
      return fmt::format("{}, chunk {}", context_of(entry), numbers);
    };
    with_context(context, [&] { retrying([&] { loader.load(entry, chunks, next); }); });
    std::lock_guard lock(mutex_);
    for (const format::ChunkPtr& chunk : chunks) {
      progress_.rows += chunk->rows;
      progress_.raw_bytes += chunk->raw.size();
      ledger_.report.rows += chunk->rows;
      ledger_.report.raw_bytes += chunk->raw.size();
      ++relation.loaded_chunks;
      relation.loaded_rows += chunk->rows;
    }
    settle(relation);
  } catch (const Error& error) {
    if (!options_.keep_going || error.fault() != Fault::server) throw;
    std::lock_guard lock(mutex_);
    if (!relation.given_up) give_up(relation.task, error);
  }
}

void Crew::build(pg::Connection& connection, const std::vector<TaskId>& tasks) {
  std::vector<const Entry*> entries;
  std::unordered_map<const Entry*, TaskId> task_of;
  for (TaskId task : tasks) {
    entries.push_back(entry_of_[task]);
    task_of.emplace(entry_of_[task], task);
  }
  Applier applier(connection, [&](const Entry& entry, Defaults& defaults) { return creation(entry, options_.policy, defaults); },
                  [&](const Entry& entry, const std::string& statement, const Error& error) {
                    if (!options_.keep_going) throw error;
                    std::lock_guard lock(mutex_);
                    ledger_.leave_out(entry, statement, error);
                  });
  applier.apply(
      entries,
      [&](const Entry& entry) {
        std::lock_guard lock(mutex_);
        TaskId task = task_of.at(&entry);
        scheduler_->finished(task);
        if (task + 1 < entry_of_.size() && entry_of_[task + 1]->id == entry.id) return;  // the first of two steps
        ++ledger_.report.entries;
        ++progress_.entries_done;
      },
      [&](const Entry& entry, Error error) {
        if (!options_.keep_going) throw error;
        std::lock_guard lock(mutex_);
        give_up(task_of.at(&entry), error);
      });
}

}  // namespace pghaul::restore
