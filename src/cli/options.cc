#include "cli/options.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <cstdio>

#include "base/error.h"

namespace pghaul::cli {
namespace {

namespace po = boost::program_options;

Error usage(std::string message, const CommandRow* command) {
  std::string help = command ? fmt::format("pghaul {} --help", command->name) : "pghaul --help";
  return Error(Fault::usage, std::move(message)).hint("see " + help);
}

po::options_description description(const CommandRow& command) {
  po::options_description options;
  for (const OptionRow& row : option_table()) {
    if (!(row.commands & command.command)) continue;
    std::string name(row.name);
    if (row.letter) name += std::string(",") + row.letter;
    if (row.argument.empty()) options.add_options()(name.c_str(), "");
    else options.add_options()(name.c_str(), po::value<std::vector<std::string>>(), "");
  }
  options.add_options()("operand", po::value<std::vector<std::string>>(), "");
  return options;
}

const OptionRow& row_of(std::string_view option) {
  auto found = std::find_if(option_table().begin(), option_table().end(), [&](const OptionRow& row) { return row.name == option; });
  if (found == option_table().end()) throw Error(Fault::internal, "no option --" + std::string(option));
  return *found;
}

}  // namespace

std::string Arguments::get(std::string_view option) const {
  auto found = values_.find(option);
  return found == values_.end() ? std::string(row_of(option).fallback) : found->second.back();
}

std::vector<std::string> Arguments::all(std::string_view option) const {
  auto found = values_.find(option);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::uint64_t Arguments::number(std::string_view option, std::uint64_t low, std::uint64_t high) const {
  std::string text = get(option);
  std::uint64_t value = 0;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value < low || value > high)
    throw usage(fmt::format("--{} takes a whole number from {} to {}, not '{}'", option, low, high, printable(text)), command);
  return value;
}

Arguments parse(const std::vector<std::string>& given) {
  Arguments arguments;
  if (given.size() < 2) throw usage("no command given", nullptr);
  std::string_view word = given[1];
  for (const CommandRow& row : command_table())
    if (row.name == word) arguments.command = &row;
  if (!arguments.command) throw usage(fmt::format("there is no command '{}'", printable(word)), nullptr);
  try {
    using namespace po::command_line_style;
    po::positional_options_description positional;
    positional.add("operand", -1);
    auto parsed = po::command_line_parser(std::vector<std::string>(given.begin() + 2, given.end()))
                      .options(description(*arguments.command))
                      .positional(positional)
                      .style(unix_style & ~allow_guessing)
                      .run();
    for (const auto& option : parsed.options) {
      if (option.string_key == "operand") arguments.operands.insert(arguments.operands.end(), option.value.begin(), option.value.end());
      else arguments.set(option.string_key, option.value.empty() ? "" : option.value.back());
    }
  } catch (const po::error& error) {
    throw usage(printable(error.what()), arguments.command);
  }
  if (arguments.has("no-acl")) arguments.set("no-privileges", "");
  if (arguments.has("schema-only") && arguments.has("data-only"))
    throw usage("--schema-only and --data-only exclude each other", arguments.command);
  if (arguments.has("if-exists") && !arguments.has("clean")) throw usage("--if-exists goes with --clean", arguments.command);
  if (arguments.has("clean") && arguments.has("data-only")) throw usage("--clean and --data-only exclude each other", arguments.command);
  if (arguments.has("role-passwords") && !arguments.has("globals")) throw usage("--role-passwords goes with --globals", arguments.command);
  return arguments;
}

std::string general_help() {
  std::string text = "pghaul moves a PostgreSQL database: schema and rows, in parallel, every byte checked.\n\n";
  for (const CommandRow& row : command_table()) text += fmt::format("  {:9}{}\n", row.name, row.what);
  return text + "\nTwo commands to start:\n"
                "  pghaul dump -d OLD -f shop.pghaul\n"
                "  pghaul restore -d NEW shop.pghaul\n\n"
                "OLD and NEW are anything libpq takes: a database name, 'host=... dbname=...', or a postgres:// URL;\n"
                "PG* variables, .pgpass and service files work. 'pghaul COMMAND --help' shows a command's options.\n\n"
                "Exit codes: 0 done, 1 failed, 2 usage, 3 finished but entries were skipped, 4 verification differs,\n"
                "5 archive damaged or incomplete.\n";
}

namespace {

constexpr std::size_t help_column = 34, help_width = 80;

// Words from help_column on, broken before help_width.
std::string row_help(const OptionRow& row) {
  std::string line = row.letter ? fmt::format("  -{}, --{}", row.letter, row.name) : fmt::format("      --{}", row.name);
  if (!row.argument.empty()) line += fmt::format(" {}", row.argument);
  std::string help(row.help), text;
  if (!row.fallback.empty()) help += fmt::format(" (default {})", row.fallback);
  auto next_line = [&] {
    text += line + "\n";
    line.assign(help_column, ' ');
  };
  if (line.size() + 2 > help_column) next_line();
  line.resize(help_column, ' ');
  for (std::size_t at = 0; at < help.size();) {
    std::size_t end = std::min(help.find(' ', at), help.size());
    if (line.size() + 1 + (end - at) > help_width) next_line();
    line += (line.size() > help_column ? " " : "") + help.substr(at, end - at);
    at = end + 1;
  }
  return text + line + "\n";
}

}  // namespace

std::string command_help(const CommandRow& command) {
  std::string text = fmt::format("{}\n\nUsage: {}\n\nExamples:\n{}", command.what, command.synopsis, command.examples);
  std::string_view group;
  for (const OptionRow& row : option_table()) {
    if (!(row.commands & command.command)) continue;
    if (row.group != group) text += fmt::format("\n{}:\n", row.group);
    group = row.group;
    text += row_help(row);
  }
  return text;
}

namespace {

// From the terminal itself, without echo, as PostgreSQL's programs ask.
std::string ask_password() {
  std::FILE* terminal = std::fopen("/dev/tty", "r+");
  if (!terminal) throw Error(Fault::usage, "there is no terminal to ask for the password on").hint("use PGPASSWORD or a .pgpass file instead of -W");
  int descriptor = fileno(terminal);
  termios before{}, silent{};
  tcgetattr(descriptor, &before);
  silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(descriptor, TCSAFLUSH, &silent);
  std::fputs("Password: ", terminal);
  std::fflush(terminal);
  std::string password;
  for (int c; (c = std::fgetc(terminal)) != EOF && c != '\n';) password += static_cast<char>(c);
  tcsetattr(descriptor, TCSAFLUSH, &before);
  std::fputs("\n", terminal);
  std::fclose(terminal);
  return password;
}

}  // namespace

pg::ConnectOptions connection(const Arguments& arguments, std::string_view option) {
  pg::ConnectOptions options;
  options.info = arguments.get(option);
  if (option == "dbname") {
    options.host = arguments.get("host");
    options.port = arguments.get("port");
    options.user = arguments.get("username");
  }
  if (arguments.has("password")) options.password = ask_password();
  return options;
}

}  // namespace pghaul::cli
