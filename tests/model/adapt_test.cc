// Other names on the target.
#include "model/adapt.h"

#include <gtest/gtest.h>

namespace pghaul::model {
namespace {

const Names names{{"ada", "bob"}, {"Odd \"Role\"", "plain"}, {"x", "select"}};

TEST(WithRolesRenamed, KnowsWhereRolesStand) {
  EXPECT_EQ(with_roles_renamed("CREATE POLICY ada ON public.ada FOR SELECT TO ada, carol, x USING (ada = 1)", names),
            "CREATE POLICY ada ON public.ada FOR SELECT TO bob, carol, \"select\" USING (ada = 1)");
  EXPECT_EQ(with_roles_renamed("ALTER DEFAULT PRIVILEGES FOR ROLE ada IN SCHEMA ada GRANT SELECT ON TABLES TO \"Odd \"\"Role\"\"\"", names),
            "ALTER DEFAULT PRIVILEGES FOR ROLE bob IN SCHEMA ada GRANT SELECT ON TABLES TO plain");
  EXPECT_EQ(with_roles_renamed("ALTER DEFAULT PRIVILEGES FOR ROLE carol REVOKE ALL ON TABLES FROM ada", names),
            "ALTER DEFAULT PRIVILEGES FOR ROLE carol REVOKE ALL ON TABLES FROM bob");
  EXPECT_EQ(with_roles_renamed("CREATE USER MAPPING FOR ada SERVER ada OPTIONS (\"user\" 'ada')", names),
            "CREATE USER MAPPING FOR bob SERVER ada OPTIONS (\"user\" 'ada')");
  EXPECT_EQ(with_roles_renamed("ALTER ROLE ada IN DATABASE ada SET search_path TO 'ada'", names), "ALTER ROLE bob IN DATABASE ada SET search_path TO 'ada'");
  EXPECT_EQ(with_roles_renamed("GRANT ada TO x WITH INHERIT TRUE GRANTED BY ada", names), "GRANT ada TO \"select\" WITH INHERIT TRUE GRANTED BY bob");
}

TEST(RenameRoles, ChangesEveryFacet) {
  Inventory inventory;
  Entry entry;
  entry.id = 1, entry.owner = "ada", entry.create_sql = "CREATE TABLE ada ()";
  entry.acls = {{"TABLE ada", "", "arwdDxtm", "ada", {{"ada", "r", "", "ada"}}, {{"carol", "r", "", "ada"}}}};
  inventory.entries.push_back(entry);
  rename_roles(inventory, names);
  const Entry& renamed = inventory.entries[0];
  EXPECT_EQ(renamed.owner, "bob");
  EXPECT_EQ(renamed.acls[0].owner, "bob");
  EXPECT_EQ(renamed.acls[0].initial[0].grantee, "bob");
  EXPECT_EQ(renamed.acls[0].wanted[0].grantor, "bob");
  EXPECT_EQ(renamed.create_sql, "CREATE TABLE ada ()");  // no role stands in it
}

TEST(LoadThroughRoots, RowsGoInAtTheTop) {
  Inventory inventory;
  auto add = [&](Kind kind, const char* name, EntryId parent, std::vector<EntryId> on) -> Entry& {
    Entry entry;
    entry.id = static_cast<EntryId>(inventory.entries.size() + 1), entry.kind = kind, entry.schema = "public", entry.name = name;
    entry.parent = parent, entry.depends_on = std::move(on);
    inventory.entries.push_back(entry);
    return inventory.entries.back();
  };
  auto rows = [&](const char* name, EntryId table) {
    Entry& entry = add(Kind::table_data, name, table, {table});
    entry.section = Section::data;
    entry.data.emplace();
    entry.data->relation = std::string("public.") + name, entry.data->target = entry.data->relation + " (a)";
  };
  add(Kind::table, "root", 0, {}), add(Kind::table, "middle", 0, {}).inherits = {1};
  add(Kind::table, "leaf", 0, {}).inherits = {2};
  add(Kind::table, "leaf2", 0, {}).inherits = {1};
  add(Kind::table, "child", 0, {1}).inherits = {1};  // inherited, not attached
  add(Kind::table_attach, "middle", 2, {1, 2}), add(Kind::table_attach, "leaf", 3, {2, 3}), add(Kind::table_attach, "leaf2", 4, {1, 4});
  rows("leaf", 3), rows("leaf2", 4), rows("child", 5);
  add(Kind::index, "i", 3, {3, 9}).section = Section::post_data;
  load_through_roots(inventory);
  EXPECT_EQ(inventory.at(9).data->target, "public.root (a)");
  EXPECT_EQ(inventory.at(10).data->target, "public.root (a)");
  EXPECT_EQ(inventory.at(11).data->target, "public.child (a)");
  EXPECT_EQ(inventory.at(12).depends_on, (std::vector<EntryId>{3, 9, 10}));
}

}  // namespace
}  // namespace pghaul::model
