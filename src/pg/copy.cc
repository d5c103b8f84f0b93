// COPY in both directions (documentation 34.10, 55.2.6).

#include <libpq-fe.h>

#include <cstdlib>

#include "base/error.h"
#include "pg/connection.h"

namespace pghaul::pg {
namespace {

std::uint64_t rows_of(const PGresult* result) {
  const char* text = PQcmdTuples(const_cast<PGresult*>(result));
  return std::strtoull(text, nullptr, 10);
}

}  // namespace

std::uint64_t Connection::copy_out(const std::string& sql, const std::function<void(ByteView)>& on_row) {
  Result begun(run(sql));
  try {
    for (;;) {
      char* row = nullptr;
      int length = PQgetCopyData(connection_, &row, 0);
      if (length < 0) {
        if (length == -2) fail(nullptr, sql);
        break;
      }
      std::unique_ptr<char, decltype(&PQfreemem)> owned(row, PQfreemem);
      on_row({row, static_cast<std::size_t>(length)});
    }
  } catch (...) {
    // What is left of the COPY cannot be skipped cheaply: this connection is of no more use.
    canceller().cancel();
    PQfinish(std::exchange(connection_, nullptr));
    throw;
  }
  std::uint64_t rows = 0;
  std::exception_ptr failure;
  while (PGresult* result = PQgetResult(connection_)) {
    if (failure) {
      PQclear(result);
      continue;
    }
    try {
      Result checked(check(result, sql));
      rows = rows_of(result);
    } catch (...) {
      failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  return rows;
}

void Connection::begin_copy_in(const std::string& sql) {
  Result begun(run(sql));
  copy_sql_ = sql;
}

void Connection::put_copy(ByteView bytes) {
  // PQputCopyData copies each piece into a buffer that grows to hold it: pieces that stay in the cache, and memory that stays small.
  constexpr std::size_t piece = 128 << 10;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    if (PQputCopyData(connection_, bytes.data(), static_cast<int>(std::min(piece, bytes.size()))) != 1) {
      // The server may have said why before it went.
      if (PGresult* result = PQgetResult(connection_)) {
        std::unique_ptr<PGresult, decltype(&PQclear)> owned(result, PQclear);
        fail(result, copy_sql_);
      }
      fail(nullptr, copy_sql_);
    }
}

std::uint64_t Connection::end_copy() {
  if (PQputCopyEnd(connection_, nullptr) != 1) fail(nullptr, copy_sql_);
  std::uint64_t rows = 0;
  std::exception_ptr failure;
  while (PGresult* result = PQgetResult(connection_)) {
    if (failure) {
      PQclear(result);
      continue;
    }
    try {
      Result checked(check(result, copy_sql_));
      rows = rows_of(result);
    } catch (...) {
      failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  return rows;
}

void Connection::abort_copy(const std::string& reason) noexcept {
  if (lost() || PQtransactionStatus(connection_) != PQTRANS_ACTIVE) return;
  PQputCopyEnd(connection_, reason.c_str());
  while (PGresult* result = PQgetResult(connection_)) PQclear(result);
}

}  // namespace pghaul::pg
