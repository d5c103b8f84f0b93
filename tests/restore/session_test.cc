// The settings that every session on a target has, on real servers.
#include <gtest/gtest.h>

#include "restore/target.h"
#include "support/servers.h"

namespace pghaul::restore {
namespace {

model::Inventory of_utf8() {
  model::Inventory inventory;
  inventory.origin.encoding = "UTF8";
  return inventory;
}

class Session : public testing::TestWithParam<int> {};

TEST_P(Session, OneOfASuperuserMakesAutovacuumGiveWayAtOnce) {
  PGHAUL_NEEDS_SERVER(GetParam());
  pg::Connection connection(test::maintenance(GetParam()));
  prepare_session(connection, {}, of_utf8());
  EXPECT_EQ(connection.scalar("SHOW deadlock_timeout"), "50ms");
  EXPECT_EQ(connection.scalar("SHOW statement_timeout"), "0");
  EXPECT_EQ(connection.scalar("SHOW synchronous_commit"), "off");
}

// pg_monitor is no superuser, and is there on every server.
TEST_P(Session, OneOfSomebodyElseSetsWhatItMay) {
  PGHAUL_NEEDS_SERVER(GetParam());
  pg::Connection connection(test::maintenance(GetParam()));
  connection.exec("SET SESSION AUTHORIZATION pg_monitor");
  prepare_session(connection, {}, of_utf8());
  EXPECT_EQ(connection.scalar("SHOW deadlock_timeout"), "1s");
  EXPECT_EQ(connection.scalar("SHOW statement_timeout"), "0");
  EXPECT_EQ(connection.scalar("SHOW synchronous_commit"), "off");
}

INSTANTIATE_TEST_SUITE_P(Servers, Session, testing::Values(13, 15, 16, 17, 18), testing::PrintToStringParamName());

}  // namespace
}  // namespace pghaul::restore
