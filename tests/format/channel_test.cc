// The stream in memory: order, bounds, and that no side ever hangs when the other one is gone.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/error.h"
#include "fixture.h"
#include "format/channel.h"

namespace pghaul::format::test {
namespace {

using model::CopyFormat;
using namespace std::chrono_literals;

ChunkPtr small_chunk(std::uint32_t number) {
  return std::make_shared<Chunk>(make_chunk(1, number, std::to_string(number) + "\n", CopyFormat::text));
}

Fault fault_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.fault();
  }
  return Fault::usage;
}

TEST(Channel, CarriesTheStreamInOrderAndTellsItsTotals) {
  Channel channel = make_channel(2);
  Random random(1);
  std::vector<Relation> sent = {random_relation(random, 1, CopyFormat::text, 9, 30),
                                random_relation(random, 2, CopyFormat::binary, 0, 0)};
  std::jthread writer([&] { send(*channel.sink, tables(2), sent); });
  EXPECT_EQ(channel.source->inventory().entries.size(), 2u);
  unsigned chunks = 0, ends = 0;
  while (auto item = channel.source->next()) {
    if (std::holds_alternative<RelationEnd>(*item)) {
      EXPECT_EQ(chunks, 9u);
      ++ends;
    } else {
      EXPECT_EQ(ends, 0u);
      EXPECT_TRUE(std::get<0>(*item)->decode());
      ++chunks;
    }
  }
  EXPECT_EQ(ends, 2u);
  EXPECT_EQ(channel.source->totals().rows, 270u);
}

TEST(Channel, HoldsNoMoreThanItsCapacity) {
  Channel channel = make_channel(3);
  std::atomic<unsigned> put = 0;
  std::jthread writer([&] {
    channel.sink->begin(tables(1));
    try {
      for (std::uint32_t i = 0; i < 10; ++i) channel.sink->put(small_chunk(i)), ++put;
    } catch (const Error&) {
    }
  });
  std::this_thread::sleep_for(60ms);
  EXPECT_EQ(put, 3u);
  channel.source.reset();
}

TEST(Channel, AWaitingSinkIsFreedWhenTheSourceGoes) {
  Channel channel = make_channel(1);
  channel.sink->begin(tables(1));
  std::jthread other([&] { std::this_thread::sleep_for(30ms), channel.source.reset(); });
  EXPECT_EQ(fault_of([&] {
              for (std::uint32_t i = 0;; ++i) channel.sink->put(small_chunk(i));
            }),
            Fault::cancelled);
}

TEST(Channel, AWaitingSourceIsToldWhenTheSinkGoesWithoutFinishing) {
  for (bool begun : {false, true}) {
    Channel channel = make_channel(1);
    std::jthread other([&] {
      if (begun) channel.sink->begin(tables(1));
      std::this_thread::sleep_for(30ms), channel.sink.reset();
    });
    EXPECT_EQ(fault_of([&] { channel.source->inventory(), channel.source->next(); }), Fault::incomplete);
  }
}

TEST(Channel, FailOnEitherSideReachesTheOther) {
  auto failure = std::make_exception_ptr(Error(Fault::server, "refused"));
  Channel a = make_channel(1), b = make_channel(1);
  a.source->fail(failure);
  EXPECT_EQ(fault_of([&] { a.sink->begin(tables(1)); }), Fault::server);
  b.sink->fail(failure);
  EXPECT_EQ(fault_of([&] { b.source->inventory(); }), Fault::server);
  EXPECT_EQ(fault_of([&] { b.source->next(); }), Fault::server);
}

TEST(Channel, AnEndThatDoesNotFitIsRefused) {
  Channel channel = make_channel(4);
  channel.sink->begin(tables(1));
  channel.sink->put(small_chunk(0));
  EXPECT_EQ(fault_of([&] { channel.sink->end_relation({.relation = 1, .chunks = 2, .digest = {}}); }),
            Fault::internal);
}

TEST(Tee, WritesAnArchiveOfWhatPassesThrough) {
  TemporaryDirectory directory;
  Random random(2);
  std::vector<Relation> sent = {random_relation(random, 1, CopyFormat::text, 5, 100)};
  Channel channel = make_channel(8);
  auto tee = make_tee(std::move(channel.sink), write_archive(directory / "a", {}));
  Totals totals = send(*tee, tables(1), sent);
  EXPECT_EQ(totals.stored_bytes, std::filesystem::file_size(directory / "a"));
  unsigned items = 0;
  while (channel.source->next()) ++items;
  EXPECT_EQ(items, 6u);
  EXPECT_EQ(verify_archive(directory / "a", 1, {}).totals.rows, 500u);
}

TEST(Tee, AnArchiveThatFailsStopsTheChannelToo) {
  Channel channel = make_channel(8);
  auto tee = make_tee(std::move(channel.sink), write_archive("/dev/full", {.force = true}));
  EXPECT_EQ(fault_of([&] { tee->begin(tables(1)); }), Fault::io);
  EXPECT_EQ(fault_of([&] { channel.source->inventory(); }), Fault::io);
}

}  // namespace
}  // namespace pghaul::format::test
