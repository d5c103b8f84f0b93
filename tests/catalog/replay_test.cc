// Every case in tests/catalog/cases (and the samples), from every server there is, replayed into an empty database of the
// target version, and into one on the same server: afterwards the two databases must be equal, to pghaul's own eyes and to pg_dump's.
//
// A case is SQL for a source database. Its first comment lines may say "-- needs: 15" (oldest server) and "-- max: 17".
// The replay here is the plainest there is: entry by entry, in the inventory's order. The restore module has its own tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "base/error.h"
#include "catalog/inventory.h"
#include "restore/statements.h"
#include "support/servers.h"
#include "verify/verify.h"

namespace pghaul::test {
namespace {

constexpr int usual_target = 17;

struct Case {
  std::filesystem::path file;
  int source_major = 0, target_major = 0;
};

void PrintTo(const Case& wanted, std::ostream* out) { *out << wanted.file.filename() << " from " << wanted.source_major << " to " << wanted.target_major; }

int number_in_head(const std::string& sql, const std::string& word, int otherwise) {
  std::istringstream lines(sql);
  for (std::string line; std::getline(lines, line) && line.starts_with("--");)
    if (line.starts_with("-- " + word + ":")) return std::stoi(line.substr(word.size() + 4));
  return otherwise;
}

bool is_same(const Case& a, const Case& b) {
  return a.file == b.file && a.source_major == b.source_major && a.target_major == b.target_major;
}

std::vector<Case> all_cases() {
  std::vector<std::filesystem::path> files = {std::filesystem::path(PGHAUL_TEST_SAMPLES) / "shop.sql",
                                              std::filesystem::path(PGHAUL_TEST_SAMPLES) / "chinook.sql"};
  if (std::filesystem::is_directory(PGHAUL_TEST_CASES))
    for (const auto& file : std::filesystem::directory_iterator(PGHAUL_TEST_CASES))
      if (file.path().extension() == ".sql") files.push_back(file.path());
  std::sort(files.begin(), files.end());
  std::vector<Case> cases;
  for (const auto& file : files) {
    std::string sql = read_text(file);
    int first = number_in_head(sql, "needs", 13), last = number_in_head(sql, "max", 18);
    for (int major : {13, 14, 15, 16, 17, 18})
      for (int target : {usual_target, major})
        if (major >= first && major <= last && (cases.empty() || !is_same(cases.back(), {file, major, target}))) cases.push_back({file, major, target});
  }
  return cases;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.file.stem().string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  bool stays = info.param.source_major == info.param.target_major && info.param.target_major != usual_target;
  return fmt::format("{}_{}_{}", name, stays ? "on" : "from", info.param.source_major);
}

void load(const Case& wanted, const Database& source) {
  std::string sql = read_text(wanted.file);
  pg::Connection connection = source.connect();
  connection.exec("SET client_min_messages = warning");
  std::optional<RoleLock> lock;
  std::filesystem::path roles = wanted.file.parent_path() / (wanted.file.stem().string() + "-roles.sql");
  bool has_roles = std::filesystem::exists(roles);
  if (has_roles || sql.find("ROLE") != std::string::npos) lock.emplace(source.major());
  if (has_roles) connection.exec(read_text(roles));
  connection.exec("SELECT pg_catalog.set_config('pghaul.scale', '0.0005', false)");
  connection.exec(sql);
}

// Of relations that others can see: not of what the transaction made itself.
constexpr std::string_view locks_query = R"(
SELECT n.nspname, c.relname, l.mode,
       array_position('{{AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}}', l.mode),
       (SELECT t.relname FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid WHERE i.indexrelid = c.oid)
  FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.relation JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND c.oid BETWEEN 16384 AND {}
   AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
 ORDER BY 1, 2, 3)";

// ---- the replay -----------------------------------------------------------------------------------------------------

class Replay {
 public:
  Replay(pg::Connection& source, pg::Connection& target) : source_(source), target_(target) {}

  void run(const model::Inventory& inventory) {
    target_.exec("SET check_function_bodies = off; SET client_min_messages = warning; "
                 "SET restrict_nonsystem_relation_kind = ''");  // a refresh reads views
    for (const model::Entry& entry : inventory.entries)
      if (entry.kind != model::Kind::database) with_context([&] { return "replaying " + describe(entry); }, [&] {
        // (Locks are those of the usual target: some releases of 15 take more for ALTER INDEX ATTACH.)
        bool beside_others = entry.section == model::Section::post_data && !entry.late && !entry.alone;
        if (beside_others && target_.server_version() / 10000 == usual_target) replay_with_its_locks(inventory, entry);
        else replay(entry);
      });
  }

 private:
  // What runs beside others on a restore has told all the locks that it takes; else two neighbours can wait for each other.
  void replay_with_its_locks(const model::Inventory& inventory, const model::Entry& entry) {
    const std::string youngest = target_.scalar("SELECT max(oid) FROM pg_catalog.pg_class");
    target_.exec("BEGIN");
    replay(entry);
    std::set<std::string> undeclared;
    target_.stream(fmt::format(locks_query, youngest), [&](const pg::Row& row) {
      auto mode = static_cast<model::LockMode>(row.integer(3));
      bool told = std::any_of(entry.locks.begin(), entry.locks.end(), [&](const model::Lock& lock) {
        const model::Entry& on = inventory.at(lock.entry);
        return (covers(lock.mode, mode) && is_relation(inventory, on, row.str(0), row.str(1))) ||
               (mode == model::LockMode::access_share && conflict(lock.mode, attaching) && is_relation(inventory, on, row.str(0), row.str(4)));
      });
      told |= mode == model::LockMode::access_share && std::any_of(entry.depends_on.begin(), entry.depends_on.end(), [&](model::EntryId on) {
        return is_relation(inventory, inventory.at(on), row.str(0), row.str(1));
      });
      told |= entry.kind == model::Kind::rule && mode == model::LockMode::row_exclusive;  // on what it writes to: the rule's own text knows
      if (!told) undeclared.insert(fmt::format("{}.{} {}", row.str(0), row.str(1), row.str(2)));
    });
    target_.exec("COMMIT");
    for (const std::string& lock : undeclared) ADD_FAILURE() << describe(entry) << " takes a lock that it does not tell: " << lock;
  }

  // What an ATTACH of an index tells of its table, for all who open the table's indexes.
  static constexpr model::LockMode attaching = model::LockMode::row_exclusive;

  // Whatever conflicts with the one conflicts with the other.
  static bool covers(model::LockMode told, model::LockMode taken) {
    for (int mode = 1; mode <= 8; ++mode)
      if (auto other = static_cast<model::LockMode>(mode); model::conflict(taken, other) && !model::conflict(told, other)) return false;
    return true;
  }

  static bool is_relation(const model::Inventory& inventory, const model::Entry& entry, const std::string& schema, const std::string& name) {
    if (entry.schema != schema) return false;
    return entry.name == name || (entry.kind == model::Kind::constraint && entry.name == inventory.at(entry.parent).name + " " + name);
  }

  void replay(const model::Entry& entry) {
    if (!entry.access_method.empty())
      target_.exec("SET default_table_access_method = " + model::quote_ident(entry.access_method));
    if (!entry.create_sql.empty()) target_.exec(entry.create_sql);
    for (const std::string& object : entry.owner_objects)
      target_.exec(fmt::format("ALTER {} OWNER TO {}", object, model::quote_ident(entry.owner)));
    for (const model::Extra& extra : entry.extras) change(extra);
    for (const model::Comment& comment : entry.comments)
      target_.exec(fmt::format("COMMENT ON {} IS {}", comment.object, model::quote_literal(comment.text)));
    restore::Policy policy;
    policy.maintain = target_.server_version() >= 170000;
    for (const std::string& sql : restore::privileges(entry, policy)) target_.exec(sql);
    if (entry.data) copy(*entry.data);
  }

  void change(const model::Extra& extra) {
    try {
      target_.exec(extra.sql);
    } catch (const Error& error) {
      if (extra.policy != model::Extra::Policy::later || error.fault() != Fault::server) throw;
    }
  }

  void copy(const model::DataSpec& data) {
    bool large_objects = data.load == model::DataSpec::Load::large_objects;
    bool binary = large_objects || data.binary_allowed;
    std::string format = binary ? " (FORMAT binary)" : "";
    if (large_objects) target_.exec("CREATE TEMP TABLE pieces (o pg_catalog.oid, p pg_catalog.int8, b pg_catalog.bytea)");
    target_.begin_copy_in(fmt::format("COPY {} FROM STDIN{}", large_objects ? "pg_temp.pieces" : data.target, format));
    source_.copy_out(fmt::format("COPY {} TO STDOUT{}", data.source, format), [&](ByteView row) { target_.put_copy(row); });
    target_.end_copy();
    if (large_objects)
      target_.exec("SELECT pg_catalog.lo_put(o, p, b) FROM pg_temp.pieces; DROP TABLE pg_temp.pieces");
  }

  pg::Connection &source_, &target_;
};

std::string in_full(const Error& error) {
  std::string text = error.message() + " " + error.detail() + "\n  hint: " + error.hint() + "\n  in: " + error.statement().substr(0, error.context().empty() ? 200 : 1500);
  for (const std::string& context : error.context()) text += "\n  while " + context;
  return text;
}

std::string in_full(const verify::Difference& difference) {
  constexpr const char* what[] = {"missing", "extra", "definition", "owner", "privileges", "comment", "label", "rows", "sequence", "setting"};
  return fmt::format("{} of {}\n  expected: {}\n  found:    {}\n", what[static_cast<int>(difference.what)], difference.object,
                     difference.expected, difference.found);
}

// What pg_dump itself makes of the source on the target's version: deparsed texts differ between versions, so it is replayed
// before it is compared.
std::string oracles_schema(const Database& source, int target_major) {
  if (source.major() >= 16 || source.major() == target_major) return *peer_schema(source);
  Database replayed(target_major);
  replayed.run(*peer_schema(source));
  return *peer_schema(replayed);
}

void expect_same_lines(const std::string& expected, const std::string& found) {
  if (expected == found) return;
  std::istringstream a(expected), b(found);
  std::string text, left, right;
  for (int line = 1, shown = 0; shown < 12; ++line) {
    bool more_left = static_cast<bool>(std::getline(a, left)), more_right = static_cast<bool>(std::getline(b, right));
    if (!more_left && !more_right) break;
    if (left != right || more_left != more_right) ++shown, text += fmt::format("{:5} - {}\n      + {}\n", line, left, right);
    left.clear(), right.clear();
  }
  ADD_FAILURE() << "pg_dump sees a difference:\n" << text;
}

class ReplayedCase : public testing::TestWithParam<Case> {};

TEST_P(ReplayedCase, IsEqualOnTheTarget) {
  const Case& wanted = GetParam();
  PGHAUL_NEEDS_SERVER(wanted.source_major);
  PGHAUL_NEEDS_SERVER(wanted.target_major);
  try {
    Database from(wanted.source_major), to(wanted.target_major);
    load(wanted, from);
    copy_roles(wanted.source_major, wanted.target_major);

    pg::Connection source = from.connect();
    catalog::prepare_session(source);
    catalog::prepare_transaction(source, "", false);
    model::Inventory inventory = catalog::read_inventory(source);
    for (const std::string& warning : inventory.warnings) std::printf("warning: %s\n", warning.c_str());
    pg::ConnectOptions options = to.options();
    options.client_encoding = inventory.origin.encoding;
    pg::Connection target(options);
    catalog::prepare_session(target);
    Replay(source, target).run(inventory);

    Progress progress;
    verify::Report report = verify::compare_databases(from.options(), to.options(), {}, progress);
    EXPECT_GT(report.entries_compared, 0u);
    for (const verify::Difference& difference : report.differences) ADD_FAILURE() << in_full(difference);
    if (std::getenv("PGHAUL_TEST_PEERS") && wanted.source_major <= 17) expect_same_lines(oracles_schema(from, wanted.target_major), *peer_schema(to));
  } catch (const Error& error) {
    ADD_FAILURE() << in_full(error);
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ReplayedCase);
INSTANTIATE_TEST_SUITE_P(Cases, ReplayedCase, testing::ValuesIn(all_cases()), name_of);

}  // namespace
}  // namespace pghaul::test
