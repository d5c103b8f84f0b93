// What selections take, on inventories written by hand.
#include "model/select.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/error.h"

namespace pghaul::model {
namespace {

using enum Kind;

// A small database. Entries are added in restore order; names are unique within a test.
class Shop {
 public:
  Shop() {
    inventory.origin.database = "shop";
    inventory.origin.search_path = {"public"};
  }

  EntryId add(Kind kind, const std::string& schema, const std::string& name, std::vector<EntryId> on = {}, EntryId parent = 0) {
    Entry entry;
    entry.id = static_cast<EntryId>(inventory.entries.size() + 1);
    entry.kind = kind, entry.schema = schema, entry.name = name, entry.depends_on = std::move(on), entry.parent = parent;
    bool rows = kind == table_data || kind == sequence_value || kind == large_object_data || kind == large_object;
    bool after = kind == index || kind == constraint || kind == foreign_key || kind == trigger || kind == publication || kind == publication_table ||
                 kind == extended_statistics || kind == materialized_view_data || kind == policy || kind == row_security;
    entry.section = rows ? Section::data : after ? Section::post_data : Section::pre_data;
    entry.create_sql = "CREATE " + name;
    entry.drop_sql = "DROP " + std::string(kind == table ? "TABLE " : "THING ") + name;
    if (kind == table_data) {
      DataSpec data;
      data.relation = schema + "." + name, data.column_list = "a, b", data.target = data.source = data.relation + " (a, b)";
      data.can_split = true;
      entry.data = data, entry.create_sql.clear(), entry.drop_sql.clear();
    }
    inventory.entries.push_back(std::move(entry));
    return inventory.entries.back().id;
  }
  Entry& at(EntryId id) { return inventory.entries.at(id - 1); }

  std::set<std::string> take(const Selection& selection) const {
    std::set<std::string> names;
    for (const Entry& entry : select(inventory, selection).inventory.entries) names.insert(describe(entry));
    return names;
  }

  Inventory inventory;
};

using Names = std::set<std::string>;

struct Sample : Shop {
  EntryId app = add(schema, "", "app"), pub = add(schema, "", "public"), ext = add(extension, "", "hstore");
  EntryId mood = add(enum_type, "app", "mood", {app});
  EntryId seq = add(sequence, "app", "ids", {app});
  EntryId orders = add(table, "app", "orders", {app, mood}), other = add(table, "public", "other", {pub});
  EntryId owned = add(sequence_owner, "app", "ids", {seq, orders}, orders);
  EntryId server = add(foreign_server, "", "far"), cast_ = add(cast, "", "(a AS b)");
  EntryId rows = add(table_data, "app", "orders", {orders}, orders), other_rows = add(table_data, "public", "other", {other}, other);
  EntryId value = add(sequence_value, "app", "ids", {seq}, seq);
  EntryId objects = add(large_object, "", "1"), contents = add(large_object_data, "", "large objects", {objects});
  EntryId key = add(constraint, "public", "other other_pkey", {other, other_rows}, other);
  EntryId idx = add(index, "app", "orders_idx", {orders, rows}, orders);
  EntryId fk = add(foreign_key, "app", "orders fk", {orders, rows, other, key, other_rows}, orders);
  EntryId stats = add(extended_statistics, "app", "s", {orders, app}, orders);
  EntryId pub_all = add(publication, "", "p"), pub_orders = add(publication_table, "app", "p orders", {pub_all, orders}, orders);

  Sample() { at(seq).parent = orders; }
};

Selection tables(std::string_view pattern) {
  Selection selection;
  selection.tables.push_back(table_pattern(pattern));
  return selection;
}

Selection schemas(std::string_view pattern) {
  Selection selection;
  selection.schemas.push_back(plain_pattern(pattern));
  return selection;
}

TEST(Select, NothingSaidTakesEverythingAsItIs) {
  Sample shop;
  Selected all = select(shop.inventory, {});
  ASSERT_EQ(all.inventory.entries.size(), shop.inventory.entries.size());
  for (std::size_t i = 0; i < all.from.size(); ++i) {
    EXPECT_EQ(all.from[i], i + 1);
    std::vector<EntryId> on = shop.inventory.entries[i].depends_on;
    std::sort(on.begin(), on.end());
    EXPECT_EQ(all.inventory.entries[i].depends_on, on);
  }
  EXPECT_FALSE(all.inventory.origin.partial);
  EXPECT_TRUE(all.missing.empty());
}

TEST(Select, TableComesWithWhatBelongsToIt) {
  Sample shop;
  EXPECT_EQ(shop.take(tables("app.orders")),
            (Names{"SEQUENCE app.ids", "TABLE app.orders", "SEQUENCE OWNED BY app.ids", "TABLE DATA app.orders", "SEQUENCE SET app.ids",
                   "INDEX app.orders_idx", "FK CONSTRAINT app.orders fk"}));
}

TEST(Select, NameWithoutSchemaIsLookedForOnTheSearchPath) {
  Sample shop;
  EXPECT_TRUE(shop.take(tables("other")).contains("TABLE public.other"));
  EXPECT_THROW(shop.take(tables("orders")), Error);
  shop.inventory.origin.search_path = {"app", "public"};
  EXPECT_TRUE(shop.take(tables("orders")).contains("TABLE app.orders"));
  shop.add(table, "public", "orders");
  EXPECT_FALSE(shop.take(tables("orders")).contains("TABLE public.orders"));  // hidden
}

TEST(Select, SchemaTakesAllThatIsInItAndNothingElse) {
  Sample shop;
  Names taken = shop.take(schemas("app"));
  for (const char* in : {"SCHEMA app", "ENUM TYPE app.mood", "TABLE app.orders", "STATISTICS app.s"}) EXPECT_TRUE(taken.contains(in)) << in;
  for (const char* out : {"SCHEMA public", "TABLE public.other", "EXTENSION hstore", "SERVER far", "CAST (a AS b)", "PUBLICATION p",
                          "PUBLICATION TABLE app.p orders", "LARGE OBJECT 1"})
    EXPECT_FALSE(taken.contains(out)) << out;
}

TEST(Select, ExcludedSchemaGoesAndTheRestStays) {
  Sample shop;
  Selection selection;
  selection.excluded_schemas.push_back(plain_pattern("app"));
  Names taken = shop.take(selection);
  EXPECT_FALSE(taken.contains("TABLE app.orders"));
  EXPECT_FALSE(taken.contains("PUBLICATION TABLE app.p orders"));
  for (const char* in : {"EXTENSION hstore", "TABLE public.other", "PUBLICATION p", "LARGE OBJECT 1"}) EXPECT_TRUE(taken.contains(in)) << in;
}

TEST(Select, ExclusionWinsOverInclusion) {
  Sample shop;
  Selection selection = tables("*.o*");
  selection.excluded_tables.push_back(table_pattern("app.*"));
  Names taken = shop.take(selection);
  EXPECT_TRUE(taken.contains("TABLE public.other"));
  EXPECT_FALSE(taken.contains("TABLE app.orders"));
}

TEST(Select, ExtensionsAreNamedApart) {
  Sample shop;
  Selection selection;
  selection.extensions.push_back(plain_pattern("h*"));
  Names taken = shop.take(selection);
  EXPECT_TRUE(taken.contains("EXTENSION hstore") && taken.contains("TABLE app.orders"));
  EXPECT_FALSE(taken.contains("SERVER far"));
  Selection without;
  without.excluded_extensions.push_back(plain_pattern("hstore"));
  EXPECT_FALSE(shop.take(without).contains("EXTENSION hstore"));
}

TEST(Select, RowsOfExtensionsComeWithThemOrByName) {
  Sample shop;
  EntryId config = shop.add(table_data, "public", "settings", {shop.ext}, shop.ext);
  EXPECT_TRUE(shop.take({}).contains(describe(shop.at(config))));
  EXPECT_FALSE(shop.take(tables("app.orders")).contains(describe(shop.at(config))));
  EXPECT_TRUE(shop.take(tables("public.settings")).contains(describe(shop.at(config))));
  EXPECT_TRUE(shop.take(schemas("public")).contains(describe(shop.at(config))));
}

TEST(Select, ChildrenComeWithTheirParents) {
  Shop shop;
  EntryId a = shop.add(table, "public", "a"), b = shop.add(table, "public", "b", {a}), c = shop.add(table, "public", "c", {b});
  shop.at(b).inherits = {a}, shop.at(c).inherits = {b};
  Selection selection;
  selection.tables_and_children.push_back(table_pattern("a"));
  EXPECT_EQ(shop.take(selection).size(), 3u);
  EXPECT_EQ(shop.take(tables("a")).size(), 1u);
  Selection without;
  without.excluded_tables_and_children.push_back(table_pattern("b"));
  EXPECT_EQ(shop.take(without), Names{"TABLE public.a"});
}

TEST(Select, IdentitySequenceIsItsTables) {
  Shop shop;
  EntryId t = shop.add(table, "public", "t"), id = shop.add(sequence, "public", "t_id_seq", {t}, t);
  shop.at(id).drop_sql.clear();
  EXPECT_TRUE(shop.take(tables("t")).contains("SEQUENCE public.t_id_seq"));
  EXPECT_TRUE(shop.take(tables("t_id_seq")).empty());
}

TEST(Select, RowsCanBeLeftOut) {
  Sample shop;
  Selection selection;
  selection.excluded_data.push_back(table_pattern("app.orders"));
  Names taken = shop.take(selection);
  EXPECT_TRUE(taken.contains("TABLE app.orders"));
  EXPECT_FALSE(taken.contains("TABLE DATA app.orders"));
  shop.at(shop.other).unlogged = true;
  Selection logged;
  logged.unlogged_data = false;
  EXPECT_FALSE(shop.take(logged).contains("TABLE DATA public.other"));
}

TEST(Select, SectionsAndTheirShortNames) {
  Sample shop;
  Selection schema_only;
  schema_only.data = schema_only.refreshes = false;
  Names taken = shop.take(schema_only);
  EXPECT_TRUE(taken.contains("INDEX app.orders_idx"));
  for (const char* out : {"TABLE DATA app.orders", "SEQUENCE SET app.ids", "LARGE OBJECT 1"}) EXPECT_FALSE(taken.contains(out)) << out;
  schema_only.sequence_data = true;
  EXPECT_TRUE(shop.take(schema_only).contains("SEQUENCE SET app.ids"));
  Selection data_only;
  data_only.pre_data = data_only.post_data = false;
  EXPECT_EQ(shop.take(data_only), (Names{"TABLE DATA app.orders", "TABLE DATA public.other", "SEQUENCE SET app.ids", "LARGE OBJECT 1",
                                         "LARGE OBJECT DATA large objects"}));
}

TEST(Select, LargeObjectsOnRequest) {
  Sample shop;
  Selection with = schemas("app"), without;
  with.large_objects = true, without.large_objects = false;
  EXPECT_TRUE(shop.take(with).contains("LARGE OBJECT 1"));
  EXPECT_FALSE(shop.take(without).contains("LARGE OBJECT 1"));
}

TEST(Select, DependenciesGoThroughWhatIsLeftOut) {
  Sample shop;
  Selection selection;
  selection.data = false;
  Selected taken = select(shop.inventory, selection);
  auto fk = std::find_if(taken.inventory.entries.begin(), taken.inventory.entries.end(), [](const Entry& entry) { return entry.kind == foreign_key; });
  ASSERT_NE(fk, taken.inventory.entries.end());
  for (EntryId on : fk->depends_on) EXPECT_LT(on, fk->id);
  std::set<std::string> waits;
  for (EntryId on : fk->depends_on) waits.insert(describe(taken.inventory.at(on)));
  EXPECT_EQ(waits, (Names{"TABLE app.orders", "TABLE public.other", "CONSTRAINT public.other other_pkey"}));
}

TEST(Select, WhatIsNeededAndLeftOutIsNamed) {
  Sample shop;
  shop.at(shop.mood).drop_sql = "DROP TYPE app.mood";
  Selected taken = select(shop.inventory, tables("app.orders"));
  EXPECT_TRUE(taken.inventory.origin.partial);
  std::string told = to_text(taken.missing, 10);
  for (const char* words : {"SCHEMA app (needed by", "ENUM TYPE app.mood (needed by TABLE app.orders)", "TABLE public.other (needed by FK CONSTRAINT"})
    EXPECT_NE(told.find(words), std::string::npos) << told;
  for (const Entry& entry : taken.inventory.entries) {
    if (entry.kind != table) continue;
    auto type = std::find_if(entry.requires_on_target.begin(), entry.requires_on_target.end(), [](const Requirement& r) { return r.detail == "type"; });
    ASSERT_NE(type, entry.requires_on_target.end());
    EXPECT_EQ(type->name, "app.mood");
  }
}

TEST(Select, DependenciesCanBeTakenAlong) {
  Sample shop;
  Selection selection = tables("app.orders");
  selection.with_dependencies = true;
  Selected taken = select(shop.inventory, selection);
  EXPECT_TRUE(taken.missing.empty());
  Names names = shop.take(selection);
  for (const char* in : {"SCHEMA app", "ENUM TYPE app.mood", "TABLE public.other", "TABLE DATA public.other", "CONSTRAINT public.other other_pkey"})
    EXPECT_TRUE(names.contains(in)) << in;
  EXPECT_FALSE(names.contains("EXTENSION hstore"));
}

TEST(Select, ListDecidesTheOrderWhereDependenciesAllow) {
  Shop shop;
  EntryId a = shop.add(table, "public", "a"), b = shop.add(table, "public", "b"), c = shop.add(view, "public", "c", {a});
  Selection selection;
  selection.list = {c, b, a};
  Selected taken = select(shop.inventory, selection);
  EXPECT_EQ(taken.from, (std::vector<EntryId>{b, a, c}));
  EXPECT_EQ(taken.inventory.entries[2].depends_on, std::vector<EntryId>{2});
  selection.list = {a, 9};
  EXPECT_THROW(select(shop.inventory, selection), Error);
}

TEST(Select, RowsAloneFollowForeignKeys) {
  Sample shop;
  Selection rows;
  rows.pre_data = rows.post_data = false;
  Selected taken = select(shop.inventory, rows);
  auto place = [&](EntryId id) { return std::find(taken.from.begin(), taken.from.end(), id) - taken.from.begin(); };
  EXPECT_LT(place(shop.other_rows), place(shop.rows));
  const Entry& orders = taken.inventory.entries[static_cast<std::size_t>(place(shop.rows))];
  EXPECT_EQ(orders.depends_on, std::vector<EntryId>{static_cast<EntryId>(place(shop.other_rows) + 1)});
}

TEST(Select, CircleOfForeignKeysIsTold) {
  Sample shop;
  shop.add(foreign_key, "public", "other back", {shop.other, shop.orders}, shop.other);
  Selection rows;
  rows.pre_data = rows.post_data = false;
  Selected taken = select(shop.inventory, rows);
  EXPECT_EQ(taken.inventory.entries.size(), 5u);
  ASSERT_EQ(taken.inventory.warnings.size(), 1u);
  EXPECT_NE(taken.inventory.warnings[0].find("--disable-triggers"), std::string::npos);
}

TEST(Select, ConditionsStandInTheSource) {
  Sample shop;
  Selection selection;
  selection.where = {{table_pattern("app.orders"), "a > 1 OR b"}, {table_pattern("app.*"), "b"}};
  for (const Entry& entry : select(shop.inventory, selection).inventory.entries) {
    if (!entry.data || entry.name != "orders") continue;
    EXPECT_EQ(entry.data->source, "(SELECT a, b FROM ONLY app.orders WHERE (a > 1 OR b) AND (b))");
    EXPECT_EQ(entry.data->condition, "(a > 1 OR b) AND (b)");
    EXPECT_TRUE(entry.data->can_split);
  }
  selection.where = {{table_pattern("app.none"), "true"}};
  EXPECT_THROW(select(shop.inventory, selection), Error);
}

TEST(Select, FacetsAreTakenOff) {
  Shop shop;
  Entry& entry = shop.at(shop.add(table, "public", "t"));
  entry.owner = "ada", entry.owner_objects = {"TABLE public.t"}, entry.tablespace = "fast", entry.access_method = "heap";
  entry.acls.emplace_back(), entry.comments.emplace_back(), entry.labels.emplace_back();
  entry.extras = {{Extra::Policy::compression, "c"}, {Extra::Policy::always, "a"}};
  entry.requires_on_target = {{Requirement::What::tablespace, "fast", ""}};
  Selection bare;
  bare.owners = bare.privileges = bare.comments = bare.security_labels = bare.tablespaces = bare.table_access_method = bare.toast_compression = false;
  Entry left = select(shop.inventory, bare).inventory.entries.at(0);
  EXPECT_TRUE(left.owner.empty() && left.owner_objects.empty() && left.acls.empty() && left.comments.empty() && left.labels.empty());
  EXPECT_TRUE(left.tablespace.empty() && left.access_method.empty() && left.requires_on_target.empty());
  ASSERT_EQ(left.extras.size(), 1u);
  EXPECT_EQ(left.extras[0].sql, "a");
}

TEST(Select, StrictNamesWantEachPatternToMatch) {
  Sample shop;
  Selection selection = tables("app.orders");
  selection.tables.push_back(table_pattern("app.none"));
  EXPECT_NO_THROW(select(shop.inventory, selection));
  selection.strict_names = true;
  EXPECT_THROW(select(shop.inventory, selection), Error);
  EXPECT_NO_THROW(select_leniently(shop.inventory, selection));
}

TEST(Select, OtherDatabasesCannotBeNamed) {
  Sample shop;
  EXPECT_NO_THROW(select(shop.inventory, tables("shop.app.orders")));
  EXPECT_THROW(select(shop.inventory, tables("elsewhere.app.orders")), Error);
}

}  // namespace
}  // namespace pghaul::model
