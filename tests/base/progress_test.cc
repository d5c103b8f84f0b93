// What is still expected, judged by what has come.
#include <gtest/gtest.h>

#include "base/progress.h"

namespace pghaul {
namespace {

TEST(Progress, ExpectsOfTheRestWhatTheFirstPartsHad) {
  Progress progress;
  progress.expect(100);
  progress.expect(300);
  EXPECT_EQ(progress.bytes_expected, 400u);
  progress.part_done(100, 300);  // three raw bytes for one on disk
  EXPECT_EQ(progress.bytes_expected, 1200u);
  progress.part_done(100, 100);
  EXPECT_EQ(progress.bytes_expected, 800u);
  progress.part_done(200, 500);
  EXPECT_EQ(progress.bytes_expected, 900u);  // what came in all
}

TEST(Progress, TheEndsOfACopyExpectTheSame) {
  Progress writing, reading;
  reading.expects_the_same = &writing;
  reading.expect(10);
  reading.part_done(5, 20);
  EXPECT_EQ(writing.bytes_expected, 40u);
  writing.part_done(5, 20);  // knows of no plan
  EXPECT_EQ(writing.bytes_expected, 40u);
}

}  // namespace
}  // namespace pghaul
