// Cycles and order on graphs written down by hand, without a server. One line an entry:
//
//   table t > f | default > g     the table itself needs f; its default, which can stand apart, needs g
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "catalog/graph.h"

namespace pghaul::catalog {
namespace {

using model::Entry;
using model::Kind;
using model::Section;

Kind kind_of(const std::string& word) {
  static const std::map<std::string, Kind> kinds = {
      {"schema", Kind::schema},         {"shell", Kind::shell_type},   {"type", Kind::base_type},      {"range", Kind::range_type},
      {"domain", Kind::domain},         {"function", Kind::function},  {"table", Kind::table},         {"view", Kind::view},
      {"data", Kind::table_data},       {"index", Kind::index},        {"constraint", Kind::constraint}, {"fk", Kind::foreign_key},
      {"body", Kind::view_definition},  {"default", Kind::column_default}, {"check", Kind::check_constraint},
      {"domain_check", Kind::domain_constraint}};
  return kinds.at(word);
}

Section section_of(Kind kind) {
  if (kind == Kind::table_data) return Section::data;
  return kind == Kind::index || kind == Kind::constraint || kind == Kind::foreign_key ? Section::post_data : Section::pre_data;
}

// A catalog made of lines "KIND NAME [> NAME...] [| PIECE > NAME...]": what the entry needs, and a piece of it and its needs.
class Written {
 public:
  explicit Written(const std::string& text) {
    std::istringstream lines(text);
    std::vector<std::vector<std::string>> all;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::vector<std::string> parts;
      for (std::string word; words >> word;) parts.push_back(word);
      if (!parts.empty()) all.push_back(parts), add(parts);
    }
    for (DraftId id = 0; id < all.size(); ++id) connect(id, all[id]);
  }

  // Names in restore order; an entry of a piece is "name.piece".
  std::vector<std::string> order() {
    break_cycles(graph, warnings);
    std::vector<std::size_t> ranks(drafts.size());
    for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] = static_cast<std::size_t>(drafts[i].entry->kind);
    entries = in_restore_order(graph, ranks);
    std::vector<std::string> names;
    for (const Entry& entry : entries) {
      EXPECT_EQ(entry.id, names.size() + 1);
      for (model::EntryId on : entry.depends_on) EXPECT_LT(on, entry.id) << entry.name;
      names.push_back(entry.name);
    }
    return names;
  }

  const Entry& entry(const std::string& name) const {
    return *std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.name == name; });
  }

  Drafts drafts;
  Graph graph{drafts, {}};
  std::vector<std::string> warnings;
  model::Entries entries;

 private:
  void add(const std::vector<std::string>& parts) {
    Draft draft;
    draft.entry->kind = kind_of(parts[0]);
    draft.entry->section = section_of(draft.entry->kind);
    draft.entry->schema = "s";
    draft.entry->name = parts[1];
    draft.address = {1, static_cast<Oid>(drafts.size() + 1), 0};
    draft.text = {"CREATE " + parts[1]};
    if (auto bar = std::find(parts.begin(), parts.end(), "|"); bar != parts.end()) {
      Detachable piece;
      piece.segment = 1;
      piece.when_detached = " dummy";
      piece.apart->kind = kind_of(bar[1]);
      piece.apart->schema = "s";
      piece.apart->name = parts[1] + "." + bar[1];
      piece.apart->create_sql = "ALTER " + parts[1];
      draft.text.push_back(" with " + bar[1]);
      draft.detachables.push_back(std::move(piece));
    }
    ids_[parts[1]] = drafts.add(std::move(draft));
  }

  void connect(DraftId id, const std::vector<std::string>& parts) {
    PieceId piece = Edge::none;
    for (std::size_t i = 2; i < parts.size(); ++i) {
      if (parts[i] == "|") piece = 0, ++i;
      else if (parts[i] != ">") graph.edges.push_back({id, piece, ids_.at(parts[i])});
    }
  }

  std::map<std::string, DraftId> ids_;
};

using Names = std::vector<std::string>;

TEST(Order, WhatIsNeededComesFirstWhateverTheRank) {
  Written catalog(R"(
    function f > t
    table t
    schema a)");
  EXPECT_EQ(catalog.order(), (Names{"a", "t", "f"}));
  EXPECT_TRUE(catalog.warnings.empty());
}

TEST(Order, AmongEqualsNamesDecideAndNotTheCatalogsOrder) {
  Written catalog(R"(
    table c
    table a
    table b)");
  EXPECT_EQ(catalog.order(), (Names{"a", "b", "c"}));
}

TEST(Order, DataStandsBetweenTheTwoOtherSections) {
  Written catalog(R"(
    index i > t
    data d > t
    table t
    fk k > t)");
  EXPECT_EQ(catalog.order(), (Names{"t", "d", "i", "k"}));
}

TEST(Order, AViewThatRestsOnAPrimaryKeyMovesBehindTheData) {
  Written catalog(R"(
    table t
    view v > t k
    view w > v
    data d > t
    constraint k > t)");
  EXPECT_EQ(catalog.order(), (Names{"t", "d", "k", "v", "w"}));
  EXPECT_EQ(catalog.entry("v").section, Section::post_data);
  EXPECT_EQ(catalog.entry("w").section, Section::post_data);
}

TEST(Cycles, AnAcyclicGraphIsLeftAsItIs) {
  Written catalog(R"(
    table t | default > f
    function f)");
  EXPECT_EQ(catalog.order(), (Names{"f", "t"}));
  EXPECT_EQ(catalog.entry("t").create_sql, "CREATE t with default");
}

TEST(Cycles, ADefaultThatCallsAFunctionOverItsTableStandsApart) {
  Written catalog(R"(
    table t | default > f
    function f > t)");
  EXPECT_EQ(catalog.order(), (Names{"t", "f", "t.default"}));
  EXPECT_EQ(catalog.entry("t").create_sql, "CREATE t dummy");
  EXPECT_EQ(catalog.entry("t.default").create_sql, "ALTER t");
  EXPECT_EQ(catalog.entry("t.default").parent, catalog.entry("t").id);
}

TEST(Cycles, ACheckThatCallsAFunctionOverItsTableStandsApart) {
  Written catalog(R"(
    table t | check > f
    function f > t)");
  EXPECT_EQ(catalog.order(), (Names{"t", "f", "t.check"}));
}

TEST(Cycles, ADomainsCheckStandsApart) {
  Written catalog(R"(
    domain d | domain_check > f
    function f > d)");
  EXPECT_EQ(catalog.order(), (Names{"d", "f", "d.domain_check"}));
}

TEST(Cycles, OfTwoViewsOverEachOtherOnlyOneBeginsAsADummy) {
  Written catalog(R"(
    view v | body > w
    view w | body > v)");
  Names order = catalog.order();
  EXPECT_EQ(order, (Names{"v", "w", "v.body"}));
  EXPECT_EQ(catalog.entry("w").create_sql, "CREATE w with body");
}

TEST(Cycles, ATypesFunctionsAreDeclaredOverItsShell) {
  Written catalog(R"(
    shell t
    function t_in > t2
    function t_out > t2
    type t2 > t t_in t_out)");
  // The shell is found by name, so the type carries the same one.
  catalog.drafts[3].entry->name = "t";
  EXPECT_EQ(catalog.order(), (Names{"t", "t_in", "t_out", "t"}));
  EXPECT_TRUE(catalog.warnings.empty());
}

TEST(Cycles, TheCheapestWayIsTakenFirst) {
  Written catalog(R"(
    table t | default > f
    function f > v
    view v > t | body > f)");
  Names order = catalog.order();
  EXPECT_EQ(std::count(order.begin(), order.end(), "t.default"), 1);
  EXPECT_EQ(catalog.warnings.size(), 0u);
}

TEST(Cycles, ACycleOfNoKnownShapeIsCutAndNamed) {
  Written catalog(R"(
    function f > g
    function g > f)");
  EXPECT_EQ(catalog.order().size(), 2u);
  ASSERT_EQ(catalog.warnings.size(), 1u);
  EXPECT_NE(catalog.warnings[0].find("FUNCTION s.f, FUNCTION s.g"), std::string::npos) << catalog.warnings[0];
}

TEST(Cycles, ManyCyclesAreAllOpened) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    std::string n = std::to_string(i), next = std::to_string((i + 1) % 200);
    text += "table t" + n + " | default > f" + n + "\nfunction f" + n + " > t" + next + "\n";
  }
  Written catalog(text);
  EXPECT_EQ(catalog.order().size(), 600u);
  EXPECT_TRUE(catalog.warnings.empty());
}

TEST(Cycles, ALongChainNeedsNoDeepStack) {
  std::string text = "table t0\n";
  for (int i = 1; i < 50000; ++i) text += "table t" + std::to_string(i) + " > t" + std::to_string(i - 1) + "\n";
  Written catalog(text);
  Names order = catalog.order();
  ASSERT_EQ(order.size(), 50000u);
  EXPECT_EQ(order.front(), "t0");
  EXPECT_EQ(order.back(), "t49999");
}

}  // namespace
}  // namespace pghaul::catalog
