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

constexpr unsigned reads = cmd_dump | cmd_copy, writes = cmd_restore | cmd_copy, one_server = cmd_dump | cmd_restore | cmd_verify,
                   two_servers = cmd_copy | cmd_verify, all = cmd_dump | cmd_restore | cmd_copy | cmd_verify | cmd_inspect,
                   works = cmd_dump | cmd_restore | cmd_copy | cmd_verify;

}  // namespace

const std::vector<CommandRow>& command_table() {
  static const std::vector<CommandRow> table = {
      {cmd_dump, "dump", "pghaul dump -d CONNINFO -f FILE [OPTION]...", "Reads a database, schema and rows on one snapshot, into an archive.",
       "  pghaul dump -d shop -f shop.pghaul\n"
       "  pghaul dump -d postgres://ada@db.example.org/shop -f shop.pghaul -j 4\n"
       "  pghaul dump -d shop -f - | ssh elsewhere pghaul restore -d shop -\n"},
      {cmd_restore, "restore", "pghaul restore -d CONNINFO [OPTION]... FILE", "Replays an archive into an empty database, in parallel.",
       "  pghaul restore -d shop -j 4 shop.pghaul\n"
       "  pghaul restore -d postgres --create shop.pghaul\n"
       "  pghaul restore -d shop --no-owner --no-privileges shop.pghaul\n"},
      {cmd_copy, "copy", "pghaul copy --from CONNINFO --to CONNINFO [OPTION]...", "Moves a database from server to server; nothing touches the disk here.",
       "  pghaul copy --from service=old --to service=new -j 4\n"
       "  pghaul copy --from postgres://old/shop --to postgres://new/shop --create\n"
       "  pghaul copy --from old --to new --archive shop.pghaul\n"},
      {cmd_verify, "verify", "pghaul verify FILE | FILE -d CONNINFO | --from CONNINFO --to CONNINFO", "Checks an archive, or compares: schema entry by entry, rows by digest.",
       "  pghaul verify shop.pghaul                  every checksum of an archive; no server\n"
       "  pghaul verify shop.pghaul -d shop          the archive against a database\n"
       "  pghaul verify --from old --to new          two databases\n"},
      {cmd_inspect, "inspect", "pghaul inspect [--sql] FILE", "Shows what is inside an archive.",
       "  pghaul inspect shop.pghaul\n"
       "  pghaul inspect --sql shop.pghaul | less\n"},
  };
  return table;
}

const std::vector<OptionRow>& option_table() {
  static const std::vector<OptionRow> table = {
      {"dbname", 'd', "CONNINFO", "", "the database: a name, key=value words, or a postgres:// URL", one_server},
      {"host", 'h', "HOST", "", "server's host or socket directory", one_server},
      {"port", 'p', "PORT", "", "server's port", one_server},
      {"username", 'U', "USER", "", "user to connect as", one_server},
      {"no-password", 'w', "", "", "never ask for a password", works},
      {"password", 'W', "", "", "ask for the password", works},
      {"from", 0, "CONNINFO", "", "the source database", two_servers},
      {"to", 0, "CONNINFO", "", "the target database", two_servers},
      {"role", 0, "ROLE", "", "SET ROLE after connecting", cmd_dump | cmd_restore},
      {"file", 'f', "FILE", "", "the archive to write; - is standard output", cmd_dump},
      {"archive", 0, "FILE", "", "write an archive of what is copied, too", cmd_copy},
      {"force", 0, "", "", "replace an existing archive", reads},
      {"jobs", 'j', "N", "2", "connections that work in parallel", works},
      {"compress", 'Z', "LEVEL", "1", "zstd level 1 to 19; 0 stores rows as they are", reads},
      {"copy-format", 0, "FORMAT", "auto", "auto, text or binary: how rows travel", reads},
      {"schema-only", 's', "", "", "no rows, sequence values or large objects", works},
      {"data-only", 'a', "", "", "only rows, sequence values and large objects", works},
      {"no-large-objects", 'B', "", "", "leave large objects out", reads},
      {"lock-wait-timeout", 0, "MS", "0", "give up when a table cannot be locked in time", reads},
      {"serializable-deferrable", 0, "", "", "wait for a snapshot that no serialization failure can spoil", reads},
      {"snapshot", 0, "NAME", "", "read on a snapshot that another session exported", reads},
      {"create", 'C', "", "", "make the target database first", writes},
      {"no-owner", 'O', "", "", "let everything belong to the restoring role", writes | cmd_verify},
      {"no-privileges", 'x', "", "", "no GRANTs", writes | cmd_verify},
      {"no-acl", 0, "", "", "the same as --no-privileges", writes | cmd_verify},
      {"no-comments", 0, "", "", "no comments", writes},
      {"no-security-labels", 0, "", "", "no security labels", writes},
      {"no-tablespaces", 0, "", "", "everything into the default tablespace", writes},
      {"no-table-access-method", 0, "", "", "tables in the default access method", writes},
      {"no-toast-compression", 0, "", "", "columns with the default compression", writes},
      {"no-analyze", 0, "", "", "leave planner statistics to autovacuum", writes},
      {"keep-going", 0, "", "", "skip what fails and what needs it; exit code 3", writes},
      {"sql", 0, "", "", "print the schema as SQL", cmd_inspect},
      {"json", 0, "", "", "print one JSON object on standard output at the end", all},
      {"quiet", 'q', "", "", "no progress, no summary", all},
      {"verbose", 'v', "", "", "say more", all},
      {"help", 0, "", "", "show this", all},
  };
  return table;
}

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

Arguments parse(int argc, const char* const* argv) {
  Arguments arguments;
  if (argc < 2) throw usage("no command given", nullptr);
  std::string_view word = argv[1];
  for (const CommandRow& row : command_table())
    if (row.name == word) arguments.command = &row;
  if (!arguments.command) throw usage(fmt::format("there is no command '{}'", printable(word)), nullptr);
  try {
    using namespace po::command_line_style;
    po::positional_options_description positional;
    positional.add("operand", -1);
    auto parsed = po::command_line_parser(std::vector<std::string>(argv + 2, argv + argc))
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

std::string command_help(const CommandRow& command) {
  std::string text = fmt::format("{}\n\nUsage: {}\n\nExamples:\n{}\nOptions:\n", command.what, command.synopsis, command.examples);
  for (const OptionRow& row : option_table()) {
    if (!(row.commands & command.command)) continue;
    std::string left = row.letter ? fmt::format("-{}, --{}", row.letter, row.name) : fmt::format("    --{}", row.name);
    if (!row.argument.empty()) left += fmt::format(" {}", row.argument);
    text += fmt::format("  {:30} {}{}\n", left, row.help, row.fallback.empty() ? "" : fmt::format(" (default {})", row.fallback));
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
