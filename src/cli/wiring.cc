#include "cli/wiring.h"

#include <fmt/format.h>

#include "base/error.h"
#include "cli/selection.h"
#include "model/adapt.h"

namespace pghaul::cli {
namespace {

unsigned jobs(const Arguments& arguments) { return static_cast<unsigned>(arguments.number("jobs", 1, 64)); }

Error usage(const Arguments& arguments, std::string message) {
  return Error(Fault::usage, std::move(message)).hint(fmt::format("usage: {}", arguments.command->synopsis));
}

dump::FormatChoice format_choice(const Arguments& arguments) {
  std::string word = arguments.get("copy-format");
  if (word == "auto") return dump::FormatChoice::automatic;
  if (word == "text") return dump::FormatChoice::text;
  if (word == "binary") return dump::FormatChoice::binary;
  throw usage(arguments, "--copy-format takes auto, text or binary, not '" + printable(word) + "'");
}

// OLD=NEW; names as they are.
std::map<std::string, std::string> renames(const Arguments& a, std::string_view option) {
  std::map<std::string, std::string> names;
  for (const std::string& text : a.all(option)) {
    std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      throw usage(a, fmt::format("--{} takes OLD=NEW, not '{}'", option, printable(text)));
    if (!names.emplace(text.substr(0, equals), text.substr(equals + 1)).second)
      throw usage(a, fmt::format("--{} is given twice for '{}'", option, printable(text.substr(0, equals))));
  }
  return names;
}

}  // namespace

dump::Options dump_options(const Run& run, std::string_view connection_option) {
  const Arguments& a = run.arguments;
  dump::Options options;
  options.source = connection(a, connection_option);
  options.jobs = jobs(a);
  options.copy_format = format_choice(a);
  options.selection = selection(a);
  options.row_security = a.has("enable-row-security");
  options.globals = a.has("globals"), options.role_passwords = a.has("role-passwords");
  options.lock_timeout_ms = a.number("lock-wait-timeout", 0, UINT32_MAX);
  options.deferrable = a.has("serializable-deferrable");
  options.snapshot = a.get("snapshot");
  if (connection_option == "dbname") options.role = a.get("role");
  options.stop = run.stop;
  return options;
}

restore::Options restore_options(const Run& run, std::string_view connection_option) {
  const Arguments& a = run.arguments;
  restore::Options options;
  options.target = connection(a, connection_option);
  options.jobs = jobs(a);
  options.create = a.has("create");
  options.analyze = !a.has("no-analyze");
  options.keep_going = a.has("keep-going");
  options.clean = a.has("clean");
  options.if_exists = a.has("if-exists");
  options.create_roles = a.has("create-roles");
  options.disable_triggers = a.has("disable-triggers");
  options.row_security = a.has("enable-row-security");
  options.maintenance_work_mem = a.get("maintenance-work-mem");
  if (a.has("parallel-maintenance-workers")) options.parallel_maintenance_workers = static_cast<unsigned>(a.number("parallel-maintenance-workers", 0, 1024));
  options.schemas = renames(a, "map-schema");
  for (std::string_view option : {"map-role", "map-tablespace"}) renames(a, option);  // adapt() uses them when the catalog is there
  if (connection_option == "dbname") options.role = a.get("role");
  options.policy.owner = !a.has("no-owner");
  options.policy.privileges = !a.has("no-privileges");
  options.policy.comments = !a.has("no-comments");
  options.policy.security_labels = !a.has("no-security-labels");
  options.policy.tablespaces = !a.has("no-tablespaces");
  options.policy.table_access_method = !a.has("no-table-access-method");
  options.policy.toast_compression = !a.has("no-toast-compression");
  options.stop = run.stop;
  return options;
}

verify::Options verify_options(const Run& run) {
  const Arguments& a = run.arguments;
  verify::Options options;
  options.jobs = jobs(a);
  options.selection = selection(a);
  options.schema = options.selection.pre_data || options.selection.post_data;
  options.data = options.selection.data || options.selection.sequence_data;
  options.owners = !a.has("no-owner");
  options.privileges = !a.has("no-privileges");
  options.adapt = [&run](model::Inventory& inventory) { adapt(run, inventory); };
  options.stop = run.stop;
  return options;
}

void adapt(const Run& run, model::Inventory& inventory) {
  model::rename_roles(inventory, renames(run.arguments, "map-role"));
  model::rename_tablespaces(inventory, renames(run.arguments, "map-tablespace"));
  if (run.arguments.has("load-via-partition-root")) model::load_through_roots(inventory);
}

format::WriteOptions write_options(const Run& run) {
  format::WriteOptions options;
  options.level = static_cast<int>(run.arguments.number("compress", 0, 19));
  options.compressors = jobs(run.arguments);
  options.force = run.arguments.has("force");
  return options;
}

std::string file_operand(const Arguments& arguments) {
  if (arguments.operands.size() != 1)
    throw usage(arguments, arguments.operands.empty() ? "no archive named" : "more than one archive named: " + printable(arguments.operands[1]));
  return arguments.operands.front();
}

}  // namespace pghaul::cli
