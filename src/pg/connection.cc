// Connections and queries. COPY streams are in copy.cc, rows of results in row.cc.

#include "pg/connection.h"

#include <libpq-fe.h>

#include <array>

#include "base/error.h"
#include "pg/secrets.h"

namespace pghaul::pg {
namespace {

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return std::string(text);
}

// What to do about a connection that was refused. libpq gives its reasons only as text (documentation 34.1).
std::string connect_hint(std::string_view message) {
  auto says = [&](std::string_view part) { return message.find(part) != std::string_view::npos; };
  if (says("password authentication failed"))
    return "check the user and the password: -W asks for it, PGPASSWORD or a .pgpass file supplies it";
  if (says("no password supplied")) return "supply a password: -W asks for it, PGPASSWORD or a .pgpass file supplies it";
  if (says("pg_hba.conf")) return "the server's pg_hba.conf does not let this user in from here; try another host, sslmode or user";
  if (says("database \"") && says("does not exist")) return "check the database's name, or create it (restore and copy: --create)";
  if (says("role \"") && says("does not exist")) return "check the user: -U, PGUSER or user= in the connection string";
  if (says("could not translate host name")) return "check the host's spelling: -h, PGHOST or host= in the connection string";
  if (says("No such file or directory")) return "no server listens on that socket: check -h (a directory means a Unix socket) and -p";
  if (says("Connection refused")) return "no server listens there: check the host and the port, and that the server runs";
  if (says("timeout expired") || says("timed out")) return "the host does not answer: check the address, firewalls and connect_timeout";
  if (says("SSL") || says("certificate")) return "check sslmode, sslrootcert and the server's TLS set-up";
  if (says("too many clients") || says("too many connections") || says("remaining connection slots"))
    return "the server has no connection left: use fewer jobs (-j), or raise max_connections";
  return "";
}

// A bare name of a database is not parsed at all.
bool is_malformed(const std::string& info) {
  if (info.find('=') == std::string::npos && !info.starts_with("postgres://") && !info.starts_with("postgresql://")) return false;
  char* reason = nullptr;
  PQconninfoOption* parsed = PQconninfoParse(info.c_str(), &reason);
  bool malformed = parsed == nullptr;
  PQconninfoFree(parsed), PQfreemem(reason);
  return malformed;
}

// libpq quotes the piece of a connection string that it cannot read, which may be a piece of a password.
std::string without_quotations(const std::string& message) {
  std::size_t first = message.find('"'), last = message.rfind('"');
  return first == last ? message : message.substr(0, first) + "\"...\"" + message.substr(last + 1);
}

}  // namespace

struct Connection::Notices {
  std::function<void(std::string_view, std::string_view)> handler;

  static void receive(void* self, const PGresult* result) {
    auto& handler = static_cast<Notices*>(self)->handler;
    if (!handler) return;
    const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    handler(severity ? severity : "NOTICE", text ? text : "");
  }
};

Connection::Connection(const ConnectOptions& options) : notices_(std::make_unique<Notices>()) {
  std::vector<const char*> keys, values;
  auto set = [&](const char* key, const std::string& value) {
    if (value.empty()) return;
    keys.push_back(key), values.push_back(value.c_str());
  };
  // A connection that a firewall forgot is noticed within two minutes; what the user says goes over it.
  const std::string idle = "30", interval = "10", count = "9", encoding = options.client_encoding;
  set("keepalives_idle", idle), set("keepalives_interval", interval), set("keepalives_count", count);
  set("dbname", options.info);  // the first dbname is expanded: conninfo keywords or a URI (documentation 34.1)
  set("host", options.host), set("port", options.port), set("user", options.user), set("dbname", options.database);
  set("password", options.password), set("client_encoding", encoding), set("fallback_application_name", options.application_name);
  keys.push_back(nullptr), values.push_back(nullptr);

  connection_ = PQconnectdbParams(keys.data(), values.data(), 1);
  if (!connection_) throw std::bad_alloc();
  if (PQstatus(connection_) != CONNECTION_OK) {
    std::string message = trimmed(PQerrorMessage(connection_)), hint = connect_hint(message);
    if (is_malformed(options.info)) {
      if (!secret_ranges(options.info).empty()) message = without_quotations(message);
      hint = "a connection string is a database's name, words like 'host=db.example.org dbname=shop', or a postgres:// URL";
    }
    if (hint.empty()) hint = "check the connection string and the PG* variables, or see the server's log";
    PQfinish(std::exchange(connection_, nullptr));
    throw Error(Fault::connect, "cannot connect: " + message).hint(std::move(hint));
  }
  PQsetNoticeReceiver(connection_, Notices::receive, notices_.get());
  PQsetErrorVerbosity(connection_, PQERRORS_DEFAULT);
}

Connection::Connection(Connection&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), copy_sql_(std::move(other.copy_sql_)), notices_(std::move(other.notices_)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(connection_, other.connection_), std::swap(copy_sql_, other.copy_sql_), std::swap(notices_, other.notices_);
  return *this;
}

Connection::~Connection() { PQfinish(connection_); }

void Connection::fail(const pg_result* result, const std::string& sql) {
  auto field = [&](int code) {
    const char* text = result ? PQresultErrorField(result, code) : nullptr;
    return std::string(text ? text : "");
  };
  std::string state = field(PG_DIAG_SQLSTATE), message = field(PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) message = trimmed(PQerrorMessage(connection_));
  bool gone = lost() || state.starts_with("57P0") || state.starts_with("08");
  std::string detail = field(PG_DIAG_MESSAGE_DETAIL), where = field(PG_DIAG_CONTEXT);
  if (!where.empty()) detail += (detail.empty() ? "" : "\n") + where;
  std::string hint = field(PG_DIAG_MESSAGE_HINT);
  if (gone && hint.empty()) hint = "the connection to " + endpoint() + " was lost; check the server's log";
  throw Error(gone ? Fault::connect : Fault::server, message).sqlstate(state).detail(detail).hint(hint).statement(sql);
}

pg_result* Connection::check(pg_result* result, const std::string& sql) {
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_EMPTY_QUERY:
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT: return result;
    default: break;
  }
  std::unique_ptr<PGresult, decltype(&PQclear)> owned(result, PQclear);
  fail(result, sql);
}

// As PQexec, except that of several errors the first one counts: when a server ends a session it says why, with an SQLSTATE, and
// libpq then adds an error of its own. A COPY that begins is left as it is.
pg_result* Connection::run(const std::string& sql) {
  if (!PQsendQuery(connection_, sql.c_str())) fail(nullptr, sql);
  std::unique_ptr<PGresult, decltype(&PQclear)> kept(nullptr, PQclear);
  bool failed = false;
  while (PGresult* result = PQgetResult(connection_)) {
    if (failed) PQclear(result);
    else kept.reset(result);
    ExecStatusType status = PQresultStatus(kept.get());
    failed = failed || status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH || lost()) break;
  }
  return check(kept.release(), sql);
}

void Connection::exec(const std::string& sql) { PQclear(run(sql)); }

Result Connection::query(const std::string& sql) { return Result(run(sql)); }

Result Connection::query(const std::string& sql, std::span<const Parameter> parameters) {
  std::vector<::Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths, formats(parameters.size(), 1);
  for (const Parameter& parameter : parameters) {
    types.push_back(parameter.type);
    values.push_back(parameter.bytes ? parameter.bytes->data() : nullptr);
    lengths.push_back(parameter.bytes ? static_cast<int>(parameter.bytes->size()) : 0);
  }
  return Result(check(PQexecParams(connection_, sql.c_str(), static_cast<int>(parameters.size()), types.data(), values.data(),
                                   lengths.data(), formats.data(), 0),
                      sql));
}

void Connection::stream(const std::string& sql, const std::function<void(const Row&)>& row) {
  CopyFields fields;
  copy_out("COPY (" + sql + ") TO STDOUT", [&](ByteView line) { row(Row(fields.split(line))); });
}

std::string Connection::scalar(const std::string& sql) {
  Result result = query(sql);
  if (result.size() != 1 || result[0].columns() != 1)
    throw Error(Fault::internal, "a query that should give one value gave another shape").statement(sql);
  return result[0].str(0);
}

int Connection::server_version() const { return PQserverVersion(connection_); }

std::string Connection::parameter(const char* name) const {
  const char* value = PQparameterStatus(connection_, name);
  return value ? value : "";
}

std::string Connection::database() const { return PQdb(connection_); }
std::string Connection::user() const { return PQuser(connection_); }

std::string Connection::endpoint() const {
  const char *host = PQhost(connection_), *port = PQport(connection_), *database = PQdb(connection_);
  return std::string(host ? host : "") + ":" + (port ? port : "") + "/" + (database ? database : "");
}

bool Connection::lost() const { return PQstatus(connection_) != CONNECTION_OK; }

bool Connection::in_transaction() const { return PQtransactionStatus(connection_) != PQTRANS_IDLE; }

void Connection::on_notice(std::function<void(std::string_view, std::string_view)> handler) {
  notices_->handler = std::move(handler);
}

Canceller::Canceller(pg_conn* connection) : cancel_(PQgetCancel(connection)) {}
Canceller::Canceller(Canceller&& other) noexcept : cancel_(std::exchange(other.cancel_, nullptr)) {}
Canceller::~Canceller() { PQfreeCancel(cancel_); }

void Canceller::cancel() const noexcept {
  std::array<char, 256> ignored{};
  if (cancel_) PQcancel(cancel_, ignored.data(), ignored.size());
}

}  // namespace pghaul::pg
