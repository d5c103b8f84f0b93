// libpq, wrapped: connections, queries, COPY streams. The only module that sees libpq.
//
// A Connection belongs to one thread at a time; only a Canceller may be used from another one. Every failure is an Error:
// Fault::connect when the connection could not be made or was lost, Fault::server when the server refused a statement
// (with SQLSTATE, detail, hint and the statement). Passwords never stand in an Error.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

struct pg_conn;
struct pg_result;
struct pg_cancel;

namespace pghaul::pg {

using Oid = std::uint32_t;

// What libpq is told. info is anything libpq takes (keywords, URI) or a bare database name; the other fields, when set,
// go over it, as -h -p -U of PostgreSQL's programs do. PG* variables, service files and .pgpass apply as usual.
struct ConnectOptions {
  std::string info;
  std::string host, port, user, database, password;
  std::string application_name = "pghaul";
  std::string client_encoding;  // empty: the database's own
};

// One row of a result, valid while the result (or, when streamed, the callback) lives.
class Row {
 public:
  Row(const pg_result* result, int row) : result_(result), row_(row) {}
  // The fields of a streamed row; one without data is NULL.
  explicit Row(std::span<const std::string_view> fields) : fields_(fields) {}
  bool is_null(int column) const;
  std::string_view text(int column) const;   // "" for NULL
  std::string str(int column) const { return std::string(text(column)); }
  std::optional<std::string> optional(int column) const;
  bool boolean(int column) const;            // 't'; false for NULL
  std::int64_t integer(int column) const;    // 0 for NULL; Error(internal) when it is no number
  Oid oid(int column) const { return static_cast<Oid>(integer(column)); }
  char letter(int column) const;             // the first character; 0 for NULL or ''
  std::vector<std::string> array(int column) const;  // a one-dimensional text array; NULL elements become ""
  int columns() const;

 private:
  std::optional<std::string_view> field(int column) const;
  const pg_result* result_ = nullptr;
  int row_ = 0;
  std::span<const std::string_view> fields_;
};

class Result {
 public:
  explicit Result(pg_result* result) : result_(result) {}
  Result(Result&&) noexcept;
  Result& operator=(Result&&) noexcept;
  ~Result();
  int size() const;
  bool empty() const { return size() == 0; }
  Row operator[](int row) const { return {result_, row}; }
  std::int64_t affected() const;  // rows that the command reports; 0 when it reports none

 private:
  pg_result* result_;
};

// A parameter in binary form (documentation 55.7): oid of its type and bytes; no value: NULL. The bytes are whoever's who made it.
struct Parameter {
  Oid type = 0;
  std::optional<ByteView> bytes;
};

// Stops whatever a connection is doing, from any thread, while the Connection lives.
class Canceller {
 public:
  explicit Canceller(pg_conn* connection);
  Canceller(Canceller&&) noexcept;
  ~Canceller();
  void cancel() const noexcept;  // best effort: failing is not reported

 private:
  pg_cancel* cancel_;
};

class Connection {
 public:
  explicit Connection(const ConnectOptions& options);
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  // One or more statements, results thrown away. Error(server) at the first that fails.
  void exec(const std::string& sql);
  // One statement, all rows in memory.
  Result query(const std::string& sql);
  Result query(const std::string& sql, std::span<const Parameter> parameters);
  // One SELECT or VALUES, without a semicolon; the callback sees each row as it arrives, so memory does not grow with the result. It goes
  // through COPY: libpq's single-row mode makes a result with all column names anew for each row, a third of the work of reading a
  // catalog. An exception from the callback ends it as in copy_out().
  void stream(const std::string& sql, const std::function<void(const Row&)>& row);
  // One statement that yields exactly one row and column; Error(internal) when it does not.
  std::string scalar(const std::string& sql);

  // COPY ... TO STDOUT. on_row gets each message as the server sends it: one row each (documentation 55.2.6), with the
  // newline in text form; in binary form the first one carries the header before its row, and the trailer comes alone.
  // An exception from on_row ends the COPY (the connection is then closed) and goes on to the caller.
  // Returns the number of rows that the server says it sent.
  std::uint64_t copy_out(const std::string& sql, const std::function<void(ByteView)>& on_row);

  // COPY ... FROM STDIN, whole: begin, any number of put_copy, then end_copy or abort_copy.
  void begin_copy_in(const std::string& sql);
  void put_copy(ByteView bytes);
  std::uint64_t end_copy();  // the number of rows that the server took
  void abort_copy(const std::string& reason) noexcept;  // the server rolls the statement back

  int server_version() const;             // server_version_num
  std::string parameter(const char* name) const;  // a reported parameter: "server_encoding"
  std::string database() const;
  std::string user() const;
  std::string endpoint() const;           // "host:port/database" for messages; no secret
  bool lost() const;                      // the connection is broken for good
  bool in_transaction() const;
  Canceller canceller() const { return Canceller(connection_); }
  // Notices and warnings of the server go here; default: dropped.
  void on_notice(std::function<void(std::string_view severity, std::string_view text)> handler);

 private:
  pg_result* run(const std::string& sql);
  pg_result* check(pg_result* result, const std::string& sql);
  [[noreturn]] void fail(const pg_result* result, const std::string& sql);
  pg_conn* connection_ = nullptr;
  std::string copy_sql_;
  struct Notices;
  std::unique_ptr<Notices> notices_;
};

// The elements of a one-dimensional array in its text form: '{a,"b c",NULL}'. NULL becomes "".
std::vector<std::string> parse_array(std::string_view text);

// The fields of rows in COPY's text form, for one row after another.
class CopyFields {
 public:
  // line: one row, its newline included. The fields are valid until the next call and as long as line is; one without data is NULL.
  std::span<const std::string_view> split(ByteView line);

 private:
  std::string unescaped_;
  std::vector<std::string_view> fields_;
};

}  // namespace pghaul::pg
