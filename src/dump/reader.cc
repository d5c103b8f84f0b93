#include "dump/reader.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "base/error.h"
#include "catalog/inventory.h"
#include "format/copy_rows.h"
#include "model/ident.h"

namespace pghaul::dump {

// The state of a task over all tries: what has been sent for good, and the chunk that is being filled.
struct Reader::Attempt {
  std::uint64_t sent_rows = 0;      // rows of chunks that the sink has
  std::uint64_t sent_bytes = 0;
  format::Digest sent_digest;
  std::uint64_t seen_rows = 0;      // rows of this try, in the order of the scan
  format::Digest seen_digest;       // of the rows that were sent by earlier tries
  format::Chunk chunk;

  void begin_try() {
    seen_rows = 0, seen_digest = {};
    chunk.rows = 0, chunk.digest = {};
    chunk.raw.clear();
  }
};

Reader::Reader(const Options& options, const model::Inventory& inventory, std::string snapshot, format::Sink& sink, RateLimit& rate, Progress& progress)
    : options_(options), inventory_(inventory), snapshot_(std::move(snapshot)), sink_(sink), rate_(rate), progress_(progress) {}

pg::Connection connect_to_source(const Options& options) {
  pg::Connection connection(options.source);
  catalog::prepare_session(connection, session_options(options));
  if (!options.role.empty()) connection.exec("SET ROLE " + model::quote_ident(options.role));
  return connection;
}

pg::Connection connect_to_snapshot(const Options& options, const std::string& snapshot) {
  pg::Connection connection = connect_to_source(options);
  connection.exec("SET lock_timeout = '1s'");
  try {
    catalog::prepare_transaction(connection, snapshot, false);
  } catch (Error& error) {
    if (error.sqlstate() == "22023" || error.sqlstate() == "42704")
      error.set_hint("the snapshot is gone: the connection that held it was lost, or this endpoint leads to another server "
                     "(a pooler or load balancer); connect to the server directly");
    throw;
  }
  return connection;
}

void Reader::emit(RelationState& relation, Attempt& attempt) {
  auto full = std::make_shared<format::Chunk>();
  full->relation = attempt.chunk.relation;
  full->format = attempt.chunk.format;
  std::swap(full->rows, attempt.chunk.rows);
  std::swap(full->digest, attempt.chunk.digest);
  std::swap(full->raw, attempt.chunk.raw);
  attempt.sent_rows += full->rows;
  attempt.sent_bytes += full->raw.size();
  attempt.sent_digest += full->digest;
  {
    std::lock_guard lock(relation.mutex);
    full->number = relation.next_chunk++;
    relation.sum.chunks += 1;
    relation.sum.rows += full->rows;
    relation.sum.raw_bytes += full->raw.size();
    relation.sum.digest += full->digest;
  }
  rate_.take(full->raw.size(), options_.stop);
  progress_.rows += full->rows;
  progress_.raw_bytes += full->raw.size();
  sink_.put(std::move(full));
}

void Reader::copy(const Task& task, RelationState& relation, Attempt& attempt) {
  const model::Entry& entry = inventory_.at(task.relation);
  attempt.begin_try();
  attempt.chunk.relation = task.relation;
  {
    std::lock_guard lock(relation.mutex);
    attempt.chunk.format = relation.format;
  }
  format::CopyRows rows(attempt.chunk.format);
  const std::uint64_t again = attempt.sent_rows;
  auto take = [&](ByteView row, const format::Digest& digest) {
    ++attempt.seen_rows;
    if (attempt.seen_rows <= again) {
      attempt.seen_digest += digest;
      if (attempt.seen_rows == again && attempt.seen_digest != attempt.sent_digest)
        throw Error(Fault::damaged, "after a lost connection the source did not give the same rows again");
      return;
    }
    format::Chunk& chunk = attempt.chunk;
    if (chunk.raw.capacity() == 0) chunk.raw.reserve(options_.chunk_bytes + options_.chunk_bytes / 8);
    chunk.raw.append(row);
    ++chunk.rows;
    chunk.digest += digest;
    if (chunk.raw.size() >= options_.chunk_bytes) emit(relation, attempt);
  };
  std::uint64_t told = connection_->copy_out(copy_statement(*entry.data, task, attempt.chunk.format), [&](ByteView message) {
    if (auto row = rows(message)) take(*row, format::row_digest(rows.digested(*row)));
    if (options_.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
  });
  if (told != attempt.seen_rows)
    throw Error(Fault::damaged, fmt::format("the source says that it sent {} rows, but {} arrived", told, attempt.seen_rows));
  if (attempt.chunk.rows) emit(relation, attempt);
}

bool Reader::read(const Task& task, RelationState& relation) {
  constexpr int tries = 6;
  const model::Entry& entry = inventory_.at(task.relation);
  Attempt attempt;
  bool given_up = false;
  with_context([&] { return "reading " + model::describe(entry); }, [&] {
    for (int attempt_number = 1;; ++attempt_number) {
      try {
        if (!connection_ || connection_->lost()) connection_.emplace(connect_to_snapshot(options_, snapshot_));
        auto canceller = connection_->canceller();
        std::stop_callback on_stop(options_.stop, [&] { canceller.cancel(); });
        copy(task, relation, attempt);
        break;
      } catch (const Error& error) {
        if (options_.stop.stop_requested()) throw Error(Fault::cancelled, "stopped");
        // No binary output function: the whole relation goes as text, as long as none of it went as binary.
        bool refused = error.sqlstate() == "42883";
        std::unique_lock lock(relation.mutex);
        if (refused && attempt.chunk.format == model::CopyFormat::binary && relation.sum.chunks == 0) {
          relation.format = model::CopyFormat::text;
          continue;
        }
        lock.unlock();
        if (error.sqlstate() == "55P03" && attempt.sent_rows == 0) {
          connection_.reset();  // its transaction is aborted
          given_up = true;
          break;
        }
        if (error.fault() != Fault::connect || attempt_number == tries) throw;
        progress_.warn(fmt::format("lost the connection while reading {}: {}; connecting again", model::describe(entry), error.message()));
        connection_.reset();
        std::this_thread::sleep_for(std::chrono::milliseconds(250 << attempt_number));
      }
    }
  });
  if (given_up) return false;
  progress_.part_done(task.bytes, attempt.sent_bytes);
  std::lock_guard lock(relation.mutex);
  if (--relation.open_tasks) return true;
  relation.sum.format = relation.format;
  sink_.end_relation(relation.sum);
  ++progress_.tables_done;
  return true;
}

}  // namespace pghaul::dump
