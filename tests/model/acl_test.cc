// Access privileges: the text form, and the statements between two states. A small model of the server applies the
// statements, so that the order of the resulting array is checked too.
#include "model/acl.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/error.h"

namespace pghaul::model {
namespace {

using Statements = std::vector<std::string>;

AclItem item(std::string_view text) { return parse_acl_item(text); }

Acl table(std::initializer_list<std::string_view> wanted, std::initializer_list<std::string_view> initial = {"owner=arwdDxtm/owner"}) {
  Acl acl;
  acl.object = "TABLE public.t";
  acl.all = "arwdDxtm";
  acl.owner = "owner";
  for (std::string_view text : initial) acl.initial.push_back(item(text));
  for (std::string_view text : wanted) acl.wanted.push_back(item(text));
  return acl;
}

Statements statements(const Acl& acl) {
  return acl_statements(acl, [](const std::string& role) { return role; });
}

TEST(AclItem, PlainItemIsParsed) {
  EXPECT_EQ(item("reader=r*w/owner"), (AclItem{"reader", "rw", "r", "owner"}));
  EXPECT_EQ(item("=X/owner"), (AclItem{"", "X", "", "owner"}));
  EXPECT_EQ(item("owner=arwdDxtm/owner").privileges, "arwdDxtm");
}

TEST(AclItem, QuotedRolesAreParsed) {
  EXPECT_EQ(item("\"odd \"\"role\"\"=x/y\"=r/\"a/b\""), (AclItem{"odd \"role\"=x/y", "r", "", "a/b"}));
}

TEST(AclItem, WhatIsNoneIsRefused) {
  for (std::string_view text : {"", "reader", "reader=r", "reader=r/", "=*/o", "\"open=r/o"}) EXPECT_THROW(item(text), Error) << text;
}

TEST(AclStatements, EqualStatesNeedNothing) {
  EXPECT_EQ(statements(table({"owner=arwdDxtm/owner"})), Statements{});
  EXPECT_EQ(statements(table({"=r/owner", "owner=r/owner"}, {"owner=r/owner", "=r/owner"})), Statements{});
}

TEST(AclStatements, GrantsFollowTheOrderOfTheArray) {
  EXPECT_EQ(statements(table({"owner=arwdDxtm/owner", "b=r/owner", "=r/owner", "a=arwdDxtm/owner"})),
            (Statements{"GRANT SELECT ON TABLE public.t TO b", "GRANT SELECT ON TABLE public.t TO PUBLIC", "GRANT ALL ON TABLE public.t TO a"}));
}

TEST(AclStatements, OwnersOwnPrivilegesAreTakenAway) {
  EXPECT_EQ(statements(table({"owner=r/owner"})),
            (Statements{"REVOKE ALL ON TABLE public.t FROM owner", "GRANT SELECT ON TABLE public.t TO owner"}));
  EXPECT_EQ(statements(table({})), (Statements{"REVOKE ALL ON TABLE public.t FROM owner"}));
}

TEST(AclStatements, DefaultOfPublicIsTakenAway) {
  Acl acl = table({"owner=X/owner"}, {"=X/owner", "owner=X/owner"});
  acl.object = "FUNCTION public.f(integer)";
  acl.all = "X";
  EXPECT_EQ(statements(acl), (Statements{"REVOKE ALL ON FUNCTION public.f(integer) FROM PUBLIC"}));
}

TEST(AclStatements, GrantOptionsStandApart) {
  EXPECT_EQ(statements(table({"owner=arwdDxtm/owner", "a=r*aw*/owner", "b=a*r*w*d*D*x*t*m*/owner"})),
            (Statements{"GRANT INSERT ON TABLE public.t TO a", "GRANT SELECT, UPDATE ON TABLE public.t TO a WITH GRANT OPTION",
                        "GRANT ALL ON TABLE public.t TO b WITH GRANT OPTION"}));
}

TEST(AclStatements, GrantsOfOthersRunAsThem) {
  EXPECT_EQ(statements(table({"owner=arwdDxtm/owner", "a=r*/owner", "b=r/a", "c=r/a", "d=r/owner"})),
            (Statements{"GRANT SELECT ON TABLE public.t TO a WITH GRANT OPTION", "SET SESSION AUTHORIZATION a",
                        "GRANT SELECT ON TABLE public.t TO b", "GRANT SELECT ON TABLE public.t TO c", "RESET SESSION AUTHORIZATION",
                        "GRANT SELECT ON TABLE public.t TO d"}));
}

TEST(AclStatements, NobodyGrantsBeforeHeMay) {
  EXPECT_EQ(statements(table({"owner=arwdDxtm/owner", "b=r/a", "a=r*/owner"})),
            (Statements{"GRANT SELECT ON TABLE public.t TO a WITH GRANT OPTION", "SET SESSION AUTHORIZATION a",
                        "GRANT SELECT ON TABLE public.t TO b", "RESET SESSION AUTHORIZATION"}));
}

TEST(AclStatements, ColumnsAreNamedWithEachPrivilege) {
  Acl acl = table({"a=rw/owner", "b=arwx/owner"}, {});
  acl.all = "arwx";
  acl.column = "\"Total\"";
  EXPECT_EQ(statements(acl), (Statements{"GRANT SELECT (\"Total\"), UPDATE (\"Total\") ON TABLE public.t TO a",
                                         "GRANT ALL (\"Total\") ON TABLE public.t TO b"}));
}

TEST(AclStatements, RolesAreMappedAndQuotedButNotPublic) {
  auto map = [](const std::string& role) { return role == "a" ? "New \"Role\"" : "other"; };
  EXPECT_EQ(acl_statements(table({"owner=arwdDxtm/owner", "a=r/owner", "=r/owner"}), map),
            (Statements{"GRANT SELECT ON TABLE public.t TO \"New \"\"Role\"\"\"", "GRANT SELECT ON TABLE public.t TO PUBLIC"}));
}

TEST(AclStatements, UnknownLetterIsAnError) { EXPECT_THROW(statements(table({"owner=arwdDxtm/owner", "a=rZ/owner"})), Error); }

// ---- the server's side, as far as these statements need it ---------------------------------------------------------------

class Server {
 public:
  explicit Server(std::vector<AclItem> items) : items_(std::move(items)) {}

  void run(const std::string& sql) {
    if (sql.starts_with("SET SESSION AUTHORIZATION ")) session_ = sql.substr(26);
    else if (sql == "RESET SESSION AUTHORIZATION") session_ = "owner";
    else change(sql);
  }
  const std::vector<AclItem>& items() const { return items_; }

 private:
  void change(std::string sql) {
    bool option = sql.ends_with(" WITH GRANT OPTION");
    if (option) sql.resize(sql.size() - 18);
    bool grant = sql.starts_with("GRANT ");
    std::size_t on = sql.find(" ON "), role_at = sql.rfind(grant ? " TO " : " FROM ");
    std::string role = sql.substr(role_at + (grant ? 4 : 6));
    if (role == "PUBLIC") role.clear();
    std::string letters = letters_of(sql.substr(grant ? 6 : 7, on - (grant ? 6 : 7)));
    auto found = std::find_if(items_.begin(), items_.end(), [&](const AclItem& i) { return i.grantee == role && i.grantor == session_; });
    if (grant) {
      ASSERT_TRUE(session_ == "owner" || may_grant(letters)) << sql;
      if (found == items_.end()) found = items_.insert(items_.end(), AclItem{role, "", "", session_});
      for (char c : letters) {
        if (found->privileges.find(c) == std::string::npos) found->privileges += c;
        if (option && found->grantable.find(c) == std::string::npos) found->grantable += c;
      }
    } else if (found != items_.end()) {
      items_.erase(found);  // only REVOKE ALL is ever written
    }
  }
  bool may_grant(const std::string& letters) const {
    return std::any_of(items_.begin(), items_.end(), [&](const AclItem& i) {
      return i.grantee == session_ && std::all_of(letters.begin(), letters.end(), [&](char c) { return i.grantable.find(c) != std::string::npos; });
    });
  }
  static std::string letters_of(const std::string& names) {
    if (names == "ALL") return "arw";
    std::string letters;
    for (char letter : std::string("arw"))
      if (names.find(privilege_name(letter)) != std::string::npos) letters += letter;
    return letters;
  }

  std::vector<AclItem> items_;
  std::string session_ = "owner";
};

void sort_letters(std::vector<AclItem>& items) {
  for (AclItem& i : items) std::sort(i.privileges.begin(), i.privileges.end()), std::sort(i.grantable.begin(), i.grantable.end());
}

// What a source can hold: every grantor but the owner got his grant options before.
std::vector<AclItem> random_state(std::mt19937& random) {
  const std::string roles[] = {"", "owner", "a", "b", "c"};
  std::vector<AclItem> items;
  for (int n = static_cast<int>(random() % 6); n > 0; --n) {
    std::vector<std::pair<std::string, std::string>> grantors = {{"owner", "arw"}};
    for (const AclItem& i : items)
      if (!i.grantable.empty() && i.grantee != "owner") grantors.emplace_back(i.grantee, i.grantable);
    auto [grantor, allowed] = grantors[random() % grantors.size()];
    AclItem next{roles[random() % 5], "", "", grantor};
    for (char c : allowed) {
      if (random() % 2) next.privileges += c;
      if (!next.privileges.empty() && next.privileges.back() == c && !next.grantee.empty() && random() % 2) next.grantable += c;
    }
    bool taken = next.grantee == grantor && grantor != "owner";
    for (const AclItem& i : items) taken |= i.grantee == next.grantee && i.grantor == next.grantor;
    if (!next.privileges.empty() && !taken) items.push_back(std::move(next));
  }
  return items;
}

TEST(AclStatements, AnyStateIsReachedFromAnyCommonBeginning) {
  for (unsigned seed = 0; seed < 5000; ++seed) {
    std::mt19937 random(seed);
    Acl acl;
    acl.object = "TABLE t";
    acl.all = "arw";
    acl.owner = "owner";
    if (random() % 2) acl.initial.push_back(item("=r/owner"));
    acl.initial.push_back(item("owner=arw/owner"));
    acl.wanted = random_state(random);
    if (random() % 2) acl.wanted.insert(acl.wanted.begin(), acl.initial.begin(), acl.initial.end());
    for (std::size_t i = 0; i < acl.wanted.size(); ++i)  // one item for each pair of roles
      for (std::size_t j = acl.wanted.size() - 1; j > i; --j)
        if (acl.wanted[i].grantee == acl.wanted[j].grantee && acl.wanted[i].grantor == acl.wanted[j].grantor)
          acl.wanted.erase(acl.wanted.begin() + static_cast<std::ptrdiff_t>(j));
    Server server(acl.initial);
    for (const std::string& sql : statements(acl)) server.run(sql);
    std::vector<AclItem> found = server.items(), wanted = acl.wanted;
    sort_letters(found), sort_letters(wanted);
    bool same_set = found.size() == wanted.size() && std::is_permutation(found.begin(), found.end(), wanted.begin());
    ASSERT_TRUE(same_set) << "seed " << seed;
    if (!statements(acl).empty()) {
      ASSERT_EQ(found, wanted) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace pghaul::model
