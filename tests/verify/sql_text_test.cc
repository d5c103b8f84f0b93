// When two create texts are the same SQL: what may differ, and what may not.
#include <gtest/gtest.h>

#include "verify/compare.h"

namespace pghaul::verify {
namespace {

bool same(std::string_view a, std::string_view b, int a_version = 170000, int b_version = 170000) {
  bool forth = same_sql(a, a_version, b, b_version), back = same_sql(b, b_version, a, a_version);
  EXPECT_EQ(forth, back);
  return forth;
}

TEST(SameSql, WhiteSpaceBetweenWordsDoesNotCount) {
  EXPECT_TRUE(same("CREATE TABLE t (\n    a integer,\n    b text\n)", "CREATE TABLE t (a integer, b text)"));
  EXPECT_TRUE(same("", "  \n"));
}

TEST(SameSql, WhiteSpaceWithinLiteralsNamesAndBodiesCounts) {
  EXPECT_FALSE(same("SELECT 'a b'", "SELECT 'a  b'"));
  EXPECT_FALSE(same("SELECT 'it''s  '", "SELECT 'it''s '"));
  EXPECT_FALSE(same(R"(SELECT E'\'  ')", R"(SELECT E'\' ')"));
  EXPECT_FALSE(same("SELECT \"a b\"", "SELECT \"a  b\""));
  EXPECT_FALSE(same("AS $_$ BEGIN  END $_$", "AS $_$ BEGIN END $_$"));
  EXPECT_FALSE(same("AS $$ a  b $$", "AS $$ a b $$"));
}

TEST(SameSql, WordsAreNotPutTogether) {
  EXPECT_FALSE(same("SELECT ab", "SELECT a b"));
  EXPECT_TRUE(same("SELECT $1 + a$b", "SELECT $1+a$b"));
}

TEST(SameSql, UnfinishedTextIsComparedToItsEnd) {
  EXPECT_FALSE(same("SELECT 'a", "SELECT 'b"));
  EXPECT_FALSE(same("AS $x$ a", "AS $x$ b"));
}

constexpr int v15 = 150000, v16 = 160000, v17 = 170000;

TEST(SameSql, OlderServersQualifyTheColumnsOfASingleRelation) {
  const char* older = "CREATE VIEW public.v AS SELECT t.a, t.b AS c FROM public.t WHERE (t.a > 0)";
  const char* newer = "CREATE VIEW public.v AS SELECT a, b AS c FROM public.t WHERE (a > 0)";
  EXPECT_TRUE(same(older, newer, v15, v17));
  EXPECT_TRUE(same(newer, older, v17, v15));
  EXPECT_FALSE(same(older, newer, v16, v17)) << "both print it bare: this is another view";
  EXPECT_FALSE(same(newer, older, v15, v17)) << "only the older one qualifies";
}

TEST(SameSql, AnAliasQualifiesToo) {
  EXPECT_TRUE(same("SELECT x.a FROM public.t x", "SELECT a FROM public.t x", v15, v17));
  EXPECT_TRUE(same("SELECT \"T\".a FROM public.\"T\"", "SELECT a FROM public.\"T\"", v15, v17));
}

TEST(SameSql, AnotherColumnIsAnotherView) {
  EXPECT_FALSE(same("SELECT t.a FROM public.t", "SELECT b FROM public.t", v15, v17));
  EXPECT_FALSE(same("SELECT t.a, t.b FROM public.t", "SELECT a FROM public.t", v15, v17));
}

TEST(SameSql, ASchemaIsNoColumnQualifier) {
  EXPECT_FALSE(same("SELECT public.lower(t.a) FROM public.t", "SELECT lower(a) FROM public.t", v15, v17));
  EXPECT_FALSE(same("SELECT (t.a)::public.mood FROM public.t", "SELECT (a)::mood FROM public.t", v15, v17));
  EXPECT_FALSE(same("SELECT t.a FROM public.t", "SELECT a FROM t", v15, v17));
}

TEST(SameSql, WhatANewerServerChoosesByItselfIsNoDifference) {
  const char* older = "CREATE TYPE public.r AS RANGE ( SUBTYPE = text, COLLATION = public.german )";
  const char* newer = "CREATE TYPE public.r AS RANGE ( SUBTYPE = text, MULTIRANGE_TYPE_NAME = public.r_multi, COLLATION = public.german )";
  EXPECT_TRUE(same(older, newer, 130000, v17));
  EXPECT_FALSE(same(older, newer, 140000, v17));
  const char* last = "CREATE TYPE public.r AS RANGE ( SUBTYPE = text, MULTIRANGE_TYPE_NAME = public.r_multi )";
  EXPECT_TRUE(same("CREATE TYPE public.r AS RANGE ( SUBTYPE = text )", last, 130000, v17));
  EXPECT_FALSE(same("CREATE TYPE public.r AS RANGE ( SUBTYPE = bytea )", last, 130000, v17));
}

TEST(SameSql, OnlyAServerOf18RemembersTheNameOfNotNull) {
  const char *named = "CREATE TABLE t ( a integer CONSTRAINT x NOT NULL )", *bare = "CREATE TABLE t ( a integer NOT NULL )";
  EXPECT_TRUE(same(named, bare, 180000, v17));
  EXPECT_FALSE(same(named, bare, 180000, 180000));
  EXPECT_FALSE(same("CREATE TABLE t ( a integer CONSTRAINT x NOT NULL )", "CREATE TABLE t ( a integer )", 180000, v17));
}

}  // namespace
}  // namespace pghaul::verify
