#include "cli/wiring.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "base/error.h"
#include "cli/selection.h"
#include "model/adapt.h"

namespace pghaul::cli {
namespace {


std::uint64_t rate_limit(const Arguments& a) { return a.has("rate-limit") ? a.number("rate-limit", 1, 1 << 20) * 1'000'000 : 0; }

// What pghaul holds beside chunks: itself, libraries, the catalog of an ordinary database, libpq's buffers.
constexpr std::uint64_t memory_at_rest = 32 << 20;

// --max-memory, in chunks of a size: how many of them, or how large. nullopt: not given.
std::optional<std::uint64_t> memory_for_chunks(const Arguments& a) {
  if (!a.has("max-memory")) return std::nullopt;
  constexpr std::uint64_t least = 40;
  return a.number("max-memory", least, 1 << 20) * 1'000'000 - memory_at_rest;
}

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

// What the servers can bear is not known; four connections are no burden to one that is worth the parallelism.
unsigned jobs(const Arguments& arguments) {
  if (!arguments.has("jobs")) return std::clamp(std::thread::hardware_concurrency(), 2u, 4u);
  return static_cast<unsigned>(arguments.number("jobs", 1, 64));
}

dump::Options dump_options(const Run& run, std::string_view connection_option) {
  const Arguments& a = run.arguments;
  dump::Options options;
  options.source = connection(a, connection_option);
  options.jobs = jobs(a);
  options.copy_format = format_choice(a);
  options.rate_limit = rate_limit(a);
  // Of each job a chunk that is being read, and on its way through a queue, a codec or a channel up to four; each an eighth larger than wanted.
  if (auto memory = memory_for_chunks(a))
    options.chunk_bytes = std::clamp<std::size_t>(*memory / (options.jobs * 5 + 2) * 8 / 9, 64 << 10, format::default_chunk_bytes);
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
  options.rate_limit = rate_limit(a);
  if (a.has("max-memory")) options.chunks_a_copy = 1;
  // An archive's chunks have their size: fewer may wait. Of a copy, the reading end makes them small enough.
  if (auto memory = memory_for_chunks(a); memory && connection_option == "dbname") {
    std::uint64_t chunks = *memory / (format::default_chunk_bytes + format::default_chunk_bytes / 4);
    if (chunks < options.jobs + 1)
      throw usage(a, fmt::format("--max-memory {} does not hold a chunk for each of {} jobs", a.get("max-memory"), options.jobs))
          .hint("give it more, or fewer jobs (-j)");
    options.waiting_chunks = std::min<std::uint64_t>(chunks - options.jobs, std::size_t{2} * options.jobs);
  }
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

bool adapts(const Run& run) {
  return run.arguments.has("map-role") || run.arguments.has("map-tablespace") || run.arguments.has("load-via-partition-root");
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
