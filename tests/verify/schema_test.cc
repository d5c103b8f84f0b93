// Two inventories made by hand: each difference is named once, and what is no difference is not.
#include <gtest/gtest.h>

#include "verify/compare.h"

namespace pghaul::verify {
namespace {

using model::Entry;
using model::Inventory;
using model::Kind;
using What = Difference::What;

Entry entry(Kind kind, const std::string& name, const std::string& sql) {
  Entry made;
  made.kind = kind, made.schema = "public", made.name = name, made.create_sql = sql, made.owner = "alice";
  return made;
}

Inventory inventory(std::vector<Entry> entries, int version = 170000) {
  Inventory made;
  made.origin.server_version = version, made.origin.encoding = "UTF8";
  for (Entry& one : entries) one.id = static_cast<model::EntryId>(made.entries.size() + 1), made.entries.push_back(std::move(one));
  return made;
}

std::vector<Difference> differences(const Inventory& a, const Inventory& b, const Options& options = {}) {
  return compare_schemas(a, b, options).differences;
}

#define EXPECT_ONE(found, kind_of_difference, name)                          \
  do {                                                                       \
    auto list = (found);                                                     \
    ASSERT_EQ(list.size(), 1u);                                              \
    EXPECT_EQ(list[0].what, kind_of_difference);                             \
    EXPECT_EQ(list[0].object, name);                                         \
  } while (false)

const Entry table = entry(Kind::table, "t", "CREATE TABLE public.t (a integer)");

TEST(Schema, EqualInventoriesAreEqualWhateverTheirIds) {
  Entry schema = entry(Kind::schema, "s", "CREATE SCHEMA s");
  SchemaResult result = compare_schemas(inventory({schema, table}), inventory({table, schema}), {});
  EXPECT_TRUE(result.differences.empty());
  EXPECT_EQ(result.compared, 2u);
}

TEST(Schema, AMissingEntryIsNamed) {
  EXPECT_ONE(differences(inventory({table}), inventory({})), What::missing, "TABLE public.t");
  EXPECT_ONE(differences(inventory({}), inventory({table})), What::extra, "TABLE public.t");
}

TEST(Schema, DifferencesComeInRestoreOrder) {
  Entry index = entry(Kind::index, "i", "CREATE INDEX i ON public.t (a)"), more = entry(Kind::view, "v", "CREATE VIEW v");
  auto found = differences(inventory({table, index}), inventory({more}));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].object, "TABLE public.t");
  EXPECT_EQ(found[1].object, "INDEX public.i");
  EXPECT_EQ(found[2].object, "VIEW public.v");
}

TEST(Schema, AnotherTextIsADefinition) {
  Entry other = table;
  other.create_sql = "CREATE TABLE public.t (a bigint)";
  EXPECT_ONE(differences(inventory({table}), inventory({other})), What::definition, "TABLE public.t");
}

TEST(Schema, ExtrasTablespaceAndAccessMethodAreDefinitions) {
  Entry other = table;
  other.extras.push_back({model::Extra::Policy::always, "ALTER TABLE public.t SET (fillfactor = 50)"});
  EXPECT_ONE(differences(inventory({table}), inventory({other})), What::definition, "TABLE public.t");
  EXPECT_ONE(differences(inventory({other}), inventory({table})), What::definition, "TABLE public.t");
  other = table, other.tablespace = "fast";
  EXPECT_ONE(differences(inventory({table}), inventory({other})), What::definition, "TABLE public.t");
  other = table, other.access_method = "columnar";
  EXPECT_ONE(differences(inventory({table}), inventory({other})), What::definition, "TABLE public.t");
}

TEST(Schema, OwnersCountUnlessTheRestoreLeftThemOut) {
  Entry other = table;
  other.owner = "bob";
  EXPECT_ONE(differences(inventory({table}), inventory({other})), What::owner, "TABLE public.t");
  Options without;
  without.owners = false;
  EXPECT_TRUE(differences(inventory({table}), inventory({other}), without).empty());
}

TEST(Schema, CommentsAndLabelsAreNamedByTheirObject) {
  Entry here = table, there = table;
  here.comments = {{"TABLE public.t", "x"}, {"COLUMN public.t.a", "one"}};
  there.comments = {{"COLUMN public.t.a", "two"}, {"TABLE public.t", "x"}};
  EXPECT_ONE(differences(inventory({here}), inventory({there})), What::comment, "COLUMN public.t.a");
  EXPECT_EQ(differences(inventory({table}), inventory({there})).size(), 2u);
}

TEST(Schema, ASequencesValueIsItsOwnKindOfDifference) {
  Entry value = entry(Kind::sequence_value, "s", "SELECT pg_catalog.setval('public.s', 7, true)");
  value.section = model::Section::data;
  Entry moved = value;
  moved.create_sql = "SELECT pg_catalog.setval('public.s', 8, true)";
  EXPECT_ONE(differences(inventory({value}), inventory({moved})), What::sequence, model::describe(value));
  Options schema_only;
  schema_only.data = false;
  EXPECT_TRUE(differences(inventory({value}), inventory({moved}), schema_only).empty());
}

TEST(Schema, WhereACycleWasOpenedIsNoDifference) {
  Entry whole = entry(Kind::view, "v", "CREATE VIEW public.v AS SELECT 1");
  Entry dummy = entry(Kind::view, "v", "CREATE VIEW public.v AS SELECT NULL::integer");
  Entry body = entry(Kind::view_definition, "v", "CREATE OR REPLACE VIEW public.v AS SELECT 1");
  EXPECT_TRUE(differences(inventory({dummy, body}), inventory({whole})).empty());
  body.create_sql = "CREATE OR REPLACE VIEW public.v AS SELECT 2";
  EXPECT_ONE(differences(inventory({dummy, body}), inventory({whole})), What::definition, "VIEW public.v");
}

// ---- privileges -----------------------------------------------------------------------------------------------------

model::Acl acl(std::vector<model::AclItem> initial, std::vector<model::AclItem> wanted, const std::string& owner = "alice") {
  model::Acl made;
  made.object = "TABLE public.t", made.owner = owner, made.initial = std::move(initial), made.wanted = std::move(wanted);
  return made;
}

const model::AclItem owners16 = {"alice", "arwdDxt", "", "alice"}, owners17 = {"alice", "arwdDxtm", "", "alice"};
const model::AclItem bob_reads = {"bob", "r", "", "alice"};

Entry with(std::vector<model::Acl> acls, const std::string& owner = "alice") {
  Entry made = table;
  made.owner = owner, made.acls = std::move(acls);
  return made;
}

TEST(Privileges, ALackingAclMeansTheDefault) {
  Entry spelled_out = with({acl({owners17}, {owners17})}), granted = with({acl({owners17}, {owners17, bob_reads})});
  EXPECT_TRUE(differences(inventory({table}), inventory({spelled_out})).empty());
  EXPECT_TRUE(differences(inventory({spelled_out}), inventory({table})).empty());
  EXPECT_ONE(differences(inventory({granted}), inventory({table})), What::privileges, "TABLE public.t");
  EXPECT_ONE(differences(inventory({table}), inventory({granted})), What::privileges, "TABLE public.t");
}

TEST(Privileges, OrderOfItemsAndLettersDoesNotCount) {
  Entry one = with({acl({owners17}, {owners17, {"bob", "ar", "", "alice"}})});
  Entry two = with({acl({owners17}, {{"bob", "a", "", "alice"}, {"bob", "r", "", "alice"}, owners17})});
  EXPECT_TRUE(differences(inventory({one}), inventory({two})).empty());
}

TEST(Privileges, TheGrantOptionCounts) {
  Entry one = with({acl({owners17}, {owners17, bob_reads})}), two = with({acl({owners17}, {owners17, {"bob", "r", "r", "alice"}})});
  EXPECT_ONE(differences(inventory({one}), inventory({two})), What::privileges, "TABLE public.t");
}

TEST(Privileges, MaintainCountsOnlyWhereBothServersKnowIt) {
  Entry older = with({acl({owners16}, {owners16, bob_reads})}), newer = with({acl({owners17}, {owners17, bob_reads})});
  EXPECT_TRUE(differences(inventory({older}, 160000), inventory({newer})).empty());
  EXPECT_ONE(differences(inventory({older}), inventory({newer})), What::privileges, "TABLE public.t");
}

TEST(Privileges, AnotherOwnerIsReportedOnce) {
  Entry bobs = with({acl({{"bob", "arwdDxtm", "", "bob"}}, {{"bob", "arwdDxtm", "", "bob"}, {"carol", "r", "", "bob"}}, "bob")}, "bob");
  Entry alices = with({acl({owners17}, {owners17, {"carol", "r", "", "alice"}})});
  EXPECT_ONE(differences(inventory({alices}), inventory({bobs})), What::owner, "TABLE public.t");
}

TEST(Privileges, AreLeftOutOnRequest) {
  Options without;
  without.privileges = false;
  EXPECT_TRUE(differences(inventory({with({acl({owners17}, {bob_reads})})}), inventory({table}), without).empty());
}

// ---- the database ---------------------------------------------------------------------------------------------------

TEST(DatabaseItself, ItsNameAndOwnerDoNotCountAndItsSettingsAreRemarks) {
  Entry here = entry(Kind::database, "shop", "CREATE DATABASE shop"), there = entry(Kind::database, "shop2", "CREATE DATABASE shop2");
  there.owner = "bob";
  here.extras = {{model::Extra::Policy::setting, "ALTER DATABASE shop SET work_mem TO '1MB'"}};
  there.extras = {{model::Extra::Policy::setting, "ALTER DATABASE shop2 SET work_mem TO '1MB'"}};
  SchemaResult result = compare_schemas(inventory({here}), inventory({there}), {});
  EXPECT_TRUE(result.differences.empty());
  EXPECT_TRUE(result.remarks.empty());
  there.extras.clear();
  result = compare_schemas(inventory({here}), inventory({there}), {});
  EXPECT_TRUE(result.differences.empty());
  EXPECT_EQ(result.remarks.size(), 1u);
}

TEST(DatabaseItself, AnotherEncodingIsADifference) {
  Inventory latin = inventory({table});
  latin.origin.encoding = "LATIN1";
  EXPECT_ONE(differences(latin, inventory({table})), What::setting, "the database's encoding");
}

}  // namespace
}  // namespace pghaul::verify
