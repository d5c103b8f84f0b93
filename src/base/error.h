// The one exception of the program. Each layer that an Error passes adds to it what only that layer knows
// (with_context); only main() turns it into text and an exit code.
#pragma once

#include <concepts>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pghaul {

// What went wrong, as far as the reaction to it differs.
enum class Fault {
  usage,        // the command line cannot be taken as it is
  connect,      // no connection, or it was lost
  server,       // the server refused a statement
  preflight,    // found before anything was changed: the source or target does not allow what was asked
  io,           // a file, a pipe, a disk
  damaged,      // bytes of an archive are not what was written
  incomplete,   // an archive ends early
  unsupported,  // an archive, server or feature newer or older than this program knows
  differs,      // a comparison found differences
  cancelled,    // the user stopped it
  internal,     // a promise inside this program does not hold: a bug
};

class Error : public std::exception {
 public:
  Error(Fault fault, std::string message) : fault_(fault), message_(std::move(message)) {}

  // What the user can do about it: a sentence.
  Error&& hint(std::string text) && { hint_ = std::move(text); return std::move(*this); }
  // The five characters of PostgreSQL's error code (documentation, appendix A), when a server reported it.
  Error&& sqlstate(std::string code) && { sqlstate_ = std::move(code); return std::move(*this); }
  Error&& detail(std::string text) && { detail_ = std::move(text); return std::move(*this); }
  // The statement that failed; shortened by the printer, never containing a secret.
  Error&& statement(std::string sql) && { statement_ = std::move(sql); return std::move(*this); }

  // Called while unwinding, innermost first: "restoring INDEX public.orders_idx (entry 812)".
  void add_context(std::string context) { context_.push_back(std::move(context)); }
  void set_hint(std::string text) { hint_ = std::move(text); }

  Fault fault() const { return fault_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const std::string& sqlstate() const { return sqlstate_; }
  const std::string& detail() const { return detail_; }
  const std::string& statement() const { return statement_; }
  const std::vector<std::string>& context() const { return context_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  Fault fault_;
  std::string message_, hint_, sqlstate_, detail_, statement_;
  std::vector<std::string> context_;
};

// Runs body; an Error that leaves it carries context() too. The context is made only when it is needed.
template <typename Context, typename Body>
  requires std::invocable<Context>
decltype(auto) with_context(Context&& context, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const Error& error) {
    Error told = error;  // a copy: a failed queue or stream throws one Error in several threads
    told.add_context(std::string(context()));
    throw told;
  }
}

// Text from outside (names, messages of a server, an archive's strings) made harmless for a terminal or a log: control
// characters, escape sequences and invalid UTF-8 become visible \x.. escapes. Newlines too unless keep_newlines.
std::string printable(std::string_view text, bool keep_newlines = false);

}  // namespace pghaul
