// The command line. Every option is one row of one table (options.cc): parsing, --help and usage errors follow from it, and the
// same name means the same in every command.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/connection.h"

namespace pghaul::cli {

enum Command : unsigned { cmd_dump = 1, cmd_restore = 2, cmd_copy = 4, cmd_verify = 8, cmd_inspect = 16 };

struct OptionRow {
  std::string_view name;      // long: "jobs"
  char letter;                // short; 0: none
  std::string_view argument;  // as the help shows it: "N"; empty: a flag
  std::string_view fallback;  // default; empty: none
  std::string_view help;
  unsigned commands;          // bits of Command
  std::string_view group;     // heading in the help
};

struct CommandRow {
  Command command;
  std::string_view name, synopsis, what, examples;
};

const std::vector<OptionRow>& option_table();
const std::vector<CommandRow>& command_table();

// What the user said, checked against the table.
class Arguments {
 public:
  const CommandRow* command = nullptr;
  std::vector<std::string> operands;

  bool has(std::string_view option) const { return values_.contains(option); }
  // The last value given, else the table's default.
  std::string get(std::string_view option) const;
  std::vector<std::string> all(std::string_view option) const;
  // Error(usage) unless it is a whole number in [low, high].
  std::uint64_t number(std::string_view option, std::uint64_t low, std::uint64_t high) const;
  void set(std::string_view option, std::string value) { values_[std::string(option)].push_back(std::move(value)); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

// Throws Error(usage). given is what main() got: [0] is the program, [1] the command.
Arguments parse(const std::vector<std::string>& given);

std::string general_help();
std::string command_help(const CommandRow& command);

// -d -h -p -U -w -W and PG* variables as PostgreSQL's programs take them. prefix "" reads --dbname; "from" or "to" the
// connection strings of copy and verify.
pg::ConnectOptions connection(const Arguments& arguments, std::string_view option);

}  // namespace pghaul::cli
