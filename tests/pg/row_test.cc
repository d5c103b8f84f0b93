// Rows that come through COPY are the rows that a plain query gives, whatever stands in them.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "support/servers.h"

namespace pghaul::test {
namespace {

using Fields = std::vector<std::optional<std::string>>;

// Many of what COPY escapes, and of what looks like an escape.
std::string random_field(std::mt19937& random) {
  static const std::string alphabet = "\\\\\\NnbtrfvZ.a \t\n\r\b\f\v\"'{},x\x01\x7f";
  std::string field(std::uniform_int_distribution<std::size_t>(0, 12)(random), '\0');
  for (char& c : field) c = alphabet[std::uniform_int_distribution<std::size_t>(0, alphabet.size() - 1)(random)];
  return field;
}

Fields random_fields(std::mt19937& random) {
  Fields fields(std::uniform_int_distribution<std::size_t>(1, 6)(random));
  for (auto& field : fields)
    if (std::uniform_int_distribution(0, 4)(random) != 0) field = random_field(random);
  return fields;
}

// As the documentation of COPY has it, "Text Format".
std::string copy_line(const Fields& fields) {
  std::string line;
  for (const auto& field : fields) {
    if (!line.empty() || &field != &fields.front()) line += '\t';
    if (!field) {
      line += "\\N";
      continue;
    }
    for (char c : *field) switch (c) {
        case '\b': line += "\\b"; break;
        case '\f': line += "\\f"; break;
        case '\n': line += "\\n"; break;
        case '\r': line += "\\r"; break;
        case '\t': line += "\\t"; break;
        case '\v': line += "\\v"; break;
        case '\\': line += "\\\\"; break;
        default: line += c;
      }
  }
  return line + "\n";
}

Fields fields_of(const pg::Row& row) {
  Fields fields;
  for (int i = 0; i < row.columns(); ++i) fields.push_back(row.optional(i));
  return fields;
}

TEST(CopyFields, AreWhatWasWritten) {
  std::mt19937 random(1);
  pg::CopyFields splitter;
  for (int i = 0; i < 20000; ++i) {
    Fields fields = random_fields(random);
    std::string line = copy_line(fields);
    ASSERT_EQ(fields_of(pg::Row(splitter.split(line))), fields) << "row " << i << ": " << line;
  }
}

TEST(Row, OfACopyTellsNullFromEmpty) {
  pg::CopyFields splitter;
  pg::Row row(splitter.split("\\N\t\t\\\\N\t7\n"));
  EXPECT_EQ(row.columns(), 4);
  EXPECT_TRUE(row.is_null(0));
  EXPECT_EQ(row.integer(0), 0);
  EXPECT_FALSE(row.is_null(1));
  EXPECT_THROW((void)row.integer(1), Error);
  EXPECT_EQ(row.str(2), "\\N");
  EXPECT_EQ(row.integer(3), 7);
  EXPECT_THROW((void)row.text(4), Error);
}

class Streams : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Servers, Streams, testing::Values(13, 16, 17), testing::PrintToStringParamName());

TEST_P(Streams, TheRowsThatAQueryGives) {
  PGHAUL_NEEDS_SERVER(GetParam());
  pg::Connection connection(maintenance(GetParam()));
  const std::string sql = R"(
    WITH letters AS (SELECT n, pg_catalog.chr(n) AS c FROM pg_catalog.generate_series(1, 300) AS n)
    SELECT n, c, '\' || c, NULLIF(n % 3, 0), n % 2 = 0, ARRAY[c, NULL, ''], ''::pg_catalog.text, c::pg_catalog."char", pg_catalog.decode('5c0a', 'hex')
    FROM letters ORDER BY n)";
  pg::Result result = connection.query(sql);
  ASSERT_EQ(result.size(), 300);
  int at = 0;
  connection.stream(sql, [&](const pg::Row& row) {
    ASSERT_LT(at, result.size());
    ASSERT_EQ(fields_of(row), fields_of(result[at])) << "row " << at;
    ++at;
  });
  EXPECT_EQ(at, result.size());
  connection.stream("SELECT 1 WHERE false", [&](const pg::Row&) { ADD_FAILURE() << "a row of nothing"; });
}

TEST_P(Streams, SayWhatTheServerRefused) {
  PGHAUL_NEEDS_SERVER(GetParam());
  pg::Connection connection(maintenance(GetParam()));
  int seen = 0;
  try {
    connection.stream("SELECT 10 / (5 - n) FROM pg_catalog.generate_series(1, 9) AS n", [&](const pg::Row&) { ++seen; });
    FAIL() << "a division by zero went unnoticed";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::server);
    EXPECT_EQ(error.sqlstate(), "22012");
  }
  EXPECT_LE(seen, 4);
  EXPECT_EQ(connection.scalar("SELECT 'still there'"), "still there");
}

}  // namespace
}  // namespace pghaul::test
