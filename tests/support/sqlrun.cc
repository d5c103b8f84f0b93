// Runs SQL on a server: a script or a statement, for the tests and the quickstart, where no psql can be counted on.
// Each script goes to the server whole, as one simple query, so it is one transaction unless it says otherwise.
// It knows none of psql's backslash commands. It stands on libpq alone and shares nothing with pghaul.
#include <libpq-fe.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr const char* kUsage =
    "usage: pghaul-sqlrun CONNINFO [-v NAME=VALUE]... (FILE | - | -c SQL)...\n"
    "\n"
    "  pghaul-sqlrun 'host=/tmp/s dbname=shop' -v scale=0.1 shop.sql   run a script, with pghaul.scale set\n"
    "  pghaul-sqlrun 'host=/tmp/s dbname=shop' -c 'select 1, 2'        print rows, separated by tabs\n"
    "\n"
    "Stops at the first error with exit code 1; usage errors exit with 2.\n";

// Prints the line of `sql` that holds the 1-based character position the server reported.
void print_place(std::string_view source, std::string_view sql, long position) {
  long line = 1;
  size_t line_start = 0;
  long characters = 0;
  size_t at = 0;
  for (; at < sql.size(); ++at) {
    const bool starts_character = (static_cast<unsigned char>(sql[at]) & 0xC0) != 0x80;
    if (starts_character && ++characters == position) break;
    if (sql[at] == '\n') {
      ++line;
      line_start = at + 1;
    }
  }
  const std::string_view text = sql.substr(line_start, sql.find('\n', line_start) - line_start);
  std::cerr << "  at " << source << ":" << line << ": " << text.substr(0, 200) << "\n";
}

void print_error(std::string_view source, std::string_view sql, PGconn* connection, const PGresult* result) {
  const auto field = [&](int code) { return PQresultErrorField(result, code); };
  const char* message = field(PG_DIAG_MESSAGE_PRIMARY);
  if (message == nullptr) {
    std::cerr << "sqlrun: " << source << ": " << PQerrorMessage(connection);
    return;
  }
  const char* sqlstate = field(PG_DIAG_SQLSTATE);
  std::cerr << "sqlrun: " << source << ": ERROR " << (sqlstate != nullptr ? sqlstate : "?????") << ": " << message << "\n";
  if (const char* position = field(PG_DIAG_STATEMENT_POSITION)) print_place(source, sql, std::stol(position));
  if (const char* detail = field(PG_DIAG_MESSAGE_DETAIL)) std::cerr << "  detail: " << detail << "\n";
  if (const char* hint = field(PG_DIAG_MESSAGE_HINT)) std::cerr << "  hint: " << hint << "\n";
  if (const char* query = field(PG_DIAG_INTERNAL_QUERY)) std::cerr << "  query: " << query << "\n";
  if (const char* context = field(PG_DIAG_CONTEXT)) std::cerr << "  context: " << context << "\n";
}

void print_rows(const PGresult* result) {
  for (int row = 0; row < PQntuples(result); ++row) {
    for (int column = 0; column < PQnfields(result); ++column) {
      if (column > 0) std::cout << '\t';
      std::cout << PQgetvalue(result, row, column);
    }
    std::cout << '\n';
  }
}

bool run(PGconn* connection, std::string_view source, const std::string& sql, bool print) {
  if (PQsendQuery(connection, sql.c_str()) == 0) {
    std::cerr << "sqlrun: " << source << ": " << PQerrorMessage(connection);
    return false;
  }
  bool ok = true;
  for (Result result(PQgetResult(connection), PQclear); result != nullptr; result.reset(PQgetResult(connection))) {
    switch (PQresultStatus(result.get())) {
      case PGRES_TUPLES_OK:
        if (print) print_rows(result.get());
        break;
      case PGRES_COMMAND_OK:
      case PGRES_EMPTY_QUERY:
        break;
      case PGRES_COPY_IN:
        std::cerr << "sqlrun: " << source << ": COPY FROM STDIN is not for a script\n";
        PQputCopyEnd(connection, "no data here");
        ok = false;
        break;
      case PGRES_COPY_OUT:
      case PGRES_COPY_BOTH:
        std::cerr << "sqlrun: " << source << ": COPY TO STDOUT is not for a script\n";
        return false;
      default:
        print_error(source, sql, connection, result.get());
        ok = false;
    }
  }
  return ok;
}

bool read_script(const std::string& path, std::string& sql) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) {
      std::cerr << "sqlrun: cannot read " << path << ": " << std::strerror(errno) << "\n";
      return false;
    }
  }
  std::istream& in = path == "-" ? std::cin : file;
  sql.assign(std::istreambuf_iterator<char>(in), {});
  if (sql.find('\0') != std::string::npos) {
    std::cerr << "sqlrun: " << path << " holds a zero byte, so it is no SQL script\n";
    return false;
  }
  return true;
}

bool set_variable(PGconn* connection, std::string_view assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    std::cerr << "sqlrun: -v takes NAME=VALUE, not " << assignment << "\n";
    return false;
  }
  const std::string name = "pghaul." + std::string(assignment.substr(0, equals));
  const std::string value(assignment.substr(equals + 1));
  const char* const parameters[] = {name.c_str(), value.c_str()};
  constexpr const char* kSetVariable = "SELECT pg_catalog.set_config($1, $2, false)";
  const Result result(PQexecParams(connection, kSetVariable, 2, nullptr, parameters, nullptr, nullptr, 0), PQclear);
  if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) return true;
  print_error("-v", kSetVariable, connection, result.get());
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 2 && (std::strcmp(argv[1], "-h") == 0 || std::strcmp(argv[1], "--help") == 0)) {
    std::cout << kUsage;
    return 0;
  }
  if (argc < 3) {
    std::cerr << kUsage;
    return 2;
  }
  const Connection connection(PQconnectdb(argv[1]), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    std::cerr << "sqlrun: " << PQerrorMessage(connection.get());
    return 1;
  }
  if (!run(connection.get(), "setup", "SET client_min_messages = warning; SET client_encoding = 'UTF8'", false)) return 1;

  for (int at = 2; at < argc; ++at) {
    const std::string argument = argv[at];
    bool ok;
    if (argument == "-c" || argument == "-v") {
      if (++at == argc) {
        std::cerr << kUsage;
        return 2;
      }
      ok = argument == "-c" ? run(connection.get(), "-c", argv[at], true) : set_variable(connection.get(), argv[at]);
    } else {
      std::string sql;
      ok = read_script(argument, sql) && run(connection.get(), argument, sql, false);
    }
    if (!ok) return 1;
  }
  std::cout.flush();
  return std::cout ? 0 : 1;
}
