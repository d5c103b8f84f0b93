// The table of commands and options. Parsing, --help and usage errors follow from it (options.cc).

#include "cli/options.h"

namespace pghaul::cli {
namespace {

constexpr unsigned reads = cmd_dump | cmd_copy, writes = cmd_restore | cmd_copy, one_server = cmd_dump | cmd_restore | cmd_verify,
                   two_servers = cmd_copy | cmd_verify, all = cmd_dump | cmd_restore | cmd_copy | cmd_verify | cmd_inspect,
                   works = cmd_dump | cmd_restore | cmd_copy | cmd_verify;

constexpr std::string_view group_connection = "Connection", group_output = "Archive", group_selection = "What is taken (patterns as in psql)",
                           group_properties = "What is left off", group_source = "Reading the source", group_target = "On the target",
                           group_mapping = "Other names on the target", group_general = "General";

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
      {"dbname", 'd', "CONNINFO", "", "the database: a name, key=value words, or a postgres:// URL", one_server, group_connection},
      {"host", 'h', "HOST", "", "server's host or socket directory", one_server, group_connection},
      {"port", 'p', "PORT", "", "server's port", one_server, group_connection},
      {"username", 'U', "USER", "", "user to connect as", one_server, group_connection},
      {"no-password", 'w', "", "", "never ask for a password", works, group_connection},
      {"password", 'W', "", "", "ask for the password", works, group_connection},
      {"from", 0, "CONNINFO", "", "the source database", two_servers, group_connection},
      {"to", 0, "CONNINFO", "", "the target database", two_servers, group_connection},
      {"role", 0, "ROLE", "", "SET ROLE after connecting", cmd_dump | cmd_restore, group_connection},

      {"file", 'f', "FILE", "", "the archive to write; - is standard output", cmd_dump, group_output},
      {"archive", 0, "FILE", "", "write an archive of what is copied, too", cmd_copy, group_output},
      {"force", 0, "", "", "replace an existing archive", reads, group_output},
      {"compress", 'Z', "LEVEL", "2", "zstd level: 1 and 2 are tuned for speed, 3 to 19 smaller; 0 stores rows as they are", reads, group_output},
      {"list", 'l', "", "", "print the archive's entries, one a line, and stop", cmd_restore, group_output},
      {"use-list", 'L', "FILE", "", "take the entries of an edited list, in its order", cmd_restore | cmd_verify, group_output},

      {"schema", 'n', "PATTERN", "", "these schemas only, with all that is in them", works, group_selection},
      {"exclude-schema", 'N', "PATTERN", "", "not these schemas", works, group_selection},
      {"table", 't', "PATTERN", "", "these tables only (views and sequences, too), with all that belongs to them", works, group_selection},
      {"table-and-children", 0, "PATTERN", "", "-t, with children and partitions", works, group_selection},
      {"exclude-table", 'T', "PATTERN", "", "not these tables", works, group_selection},
      {"exclude-table-and-children", 0, "PATTERN", "", "-T, with children and partitions", works, group_selection},
      {"exclude-table-data", 0, "PATTERN", "", "these tables without their rows", works, group_selection},
      {"exclude-table-data-and-children", 0, "PATTERN", "", "the same, with children and partitions", works, group_selection},
      {"extension", 'e', "PATTERN", "", "these extensions only", works, group_selection},
      {"exclude-extension", 0, "PATTERN", "", "not these extensions", works, group_selection},
      {"filter", 0, "FILE", "", "patterns from a file, as pg_dump 17 reads them", works, group_selection},
      {"strict-names", 0, "", "", "each of these patterns must match something", works, group_selection},
      {"with-dependencies", 0, "", "", "take along what the selected things need", works, group_selection},
      {"where", 0, "TABLE=CONDITION", "", "only the rows of a table for which an SQL condition is true", reads | cmd_verify, group_selection},
      {"schema-only", 's', "", "", "no rows, sequence values or large objects", works, group_selection},
      {"data-only", 'a', "", "", "only rows, sequence values and large objects", works, group_selection},
      {"section", 0, "SECTION", "", "pre-data, data or post-data; may be repeated", works, group_selection},
      {"sequence-data", 0, "", "", "sequence values even with --schema-only", works, group_selection},
      {"large-objects", 'b', "", "", "large objects even with -n, -t or -e", works, group_selection},
      {"no-large-objects", 'B', "", "", "leave large objects out", works, group_selection},
      {"include-foreign-data", 0, "SERVER", "", "rows of the foreign tables of these servers (pattern)", reads | cmd_verify, group_selection},

      {"no-owner", 'O', "", "", "let everything belong to the restoring role", works, group_properties},
      {"no-privileges", 'x', "", "", "no GRANTs", works, group_properties},
      {"no-acl", 0, "", "", "the same as --no-privileges", works, group_properties},
      {"no-comments", 0, "", "", "no comments", works, group_properties},
      {"no-policies", 0, "", "", "no row-level security", works, group_properties},
      {"no-publications", 0, "", "", "no publications", works, group_properties},
      {"no-subscriptions", 0, "", "", "no subscriptions", works, group_properties},
      {"no-security-labels", 0, "", "", "no security labels", works, group_properties},
      {"no-tablespaces", 0, "", "", "everything into the default tablespace", works, group_properties},
      {"no-table-access-method", 0, "", "", "tables in the default access method", works, group_properties},
      {"no-toast-compression", 0, "", "", "columns with the default compression", works, group_properties},
      {"no-unlogged-table-data", 0, "", "", "no rows of unlogged tables", works, group_properties},

      {"copy-format", 0, "FORMAT", "auto", "auto, text or binary: how rows travel", reads, group_source},
      {"lock-wait-timeout", 0, "MS", "0", "give up when a table cannot be locked in time", reads, group_source},
      {"serializable-deferrable", 0, "", "", "wait for a snapshot that no serialization failure can spoil", reads, group_source},
      {"snapshot", 0, "NAME", "", "read on a snapshot that another session exported", reads, group_source},
      {"enable-row-security", 0, "", "", "row_security on: read only rows that policies show, instead of failing", reads | writes, group_source},
      {"globals", 0, "", "", "the server's roles, memberships, settings and tablespaces, too", reads, group_source},
      {"role-passwords", 0, "", "", "with --globals: the roles' password hashes, too", reads, group_source},

      {"create", 'C', "", "", "make the target database first", writes, group_target},
      {"clean", 'c', "", "", "drop first what is restored", writes, group_target},
      {"if-exists", 0, "", "", "with --clean: what is not there is not missed", writes, group_target},
      {"disable-triggers", 0, "", "", "load rows with triggers and foreign keys off", writes, group_target},
      {"load-via-partition-root", 0, "", "", "let the target choose each row's partition", writes, group_target},
      {"create-roles", 0, "", "", "make the roles that are needed and missing", writes, group_target},
      {"no-analyze", 0, "", "", "leave planner statistics to autovacuum", writes, group_target},
      {"maintenance-work-mem", 0, "SIZE", "", "of each index build (default: what a sort gains from, at most as the target has it)", writes, group_target},
      {"parallel-maintenance-workers", 0, "N", "", "of each index build (default: as many as jobs are idle)", writes, group_target},
      {"keep-going", 0, "", "", "skip what fails and what needs it; exit code 3", writes, group_target},

      {"map-role", 0, "OLD=NEW", "", "another role in the place of one", writes | cmd_verify, group_mapping},
      {"map-schema", 0, "OLD=NEW", "", "rename a schema when all is in it", writes, group_mapping},
      {"map-tablespace", 0, "OLD=NEW", "", "another tablespace in the place of one", writes | cmd_verify, group_mapping},

      {"sql", 0, "", "", "print the schema as SQL", cmd_inspect, group_general},
      {"jobs", 'j', "N", "", "connections that work in parallel, at each end (default: processors here, 2 to 4)", works, group_general},
      {"rate-limit", 0, "MB/S", "", "move at most so many megabytes of rows a second", reads | writes, group_general},
      {"max-memory", 0, "MB", "", "use no more memory, but for rows that are larger themselves", reads | writes, group_general},
      {"json", 0, "", "", "print one JSON object on standard output at the end", all, group_general},
      {"quiet", 'q', "", "", "no progress, no summary", all, group_general},
      {"verbose", 'v', "", "", "say more", all, group_general},
      {"help", 0, "", "", "show this", all, group_general},
  };
  return table;
}

}  // namespace pghaul::cli
