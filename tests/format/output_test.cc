// What stops a writer: files that exist, full disks, closed pipes, limits. Each is an Error, and nothing that
// looks whole is left.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "fixture.h"

namespace pghaul::format::test {
namespace {

using model::CopyFormat;

std::string message_of(const std::function<void()>& body, Fault expected = Fault::io) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), expected);
    EXPECT_FALSE(error.hint().empty());
    return error.message();
  }
  return "no error";
}

std::vector<Relation> noise(unsigned chunks) {
  Random random(1);
  return {random_relation(random, 1, CopyFormat::text, chunks, 2000)};
}

TEST(Output, AnExistingFileIsRefusedBeforeAnythingIsDone) {
  TemporaryDirectory directory;
  write_file(directory / "a", "precious");
  EXPECT_NE(message_of([&] { write_archive(directory / "a", {}); }).find("exists already"),
            std::string::npos);
  EXPECT_EQ(read_file(directory / "a"), "precious");
  EXPECT_FALSE(std::filesystem::exists(directory / "a.partial"));
}

TEST(Output, ForceReplacesAFileOnlyWhenTheNewOneIsWhole) {
  TemporaryDirectory directory;
  write_file(directory / "a", "precious");
  {
    auto sink = write_archive(directory / "a", {.force = true});
    sink->begin(tables(1));
  }
  EXPECT_EQ(read_file(directory / "a"), "precious");
  EXPECT_FALSE(std::filesystem::exists(directory / "a.partial"));
  send(*write_archive(directory / "a", {.force = true}), tables(1), {});
  EXPECT_TRUE(read_overview(directory / "a", false).complete);
}

TEST(Output, AFileThatAppearsMeanwhileIsNotReplaced) {
  TemporaryDirectory directory;
  auto sink = write_archive(directory / "a", {});
  sink->begin(tables(1));
  write_file(directory / "a", "precious");
  EXPECT_NE(message_of([&] { sink->finish(); }).find("File exists"), std::string::npos);
  EXPECT_EQ(read_file(directory / "a"), "precious");
}

TEST(Output, TheLeftoverOfAKilledDumpIsTakenOverAndALivingOneIsNot) {
  TemporaryDirectory directory;
  write_file(directory / "a.partial", std::string(100000, 'x'));
  auto sink = write_archive(directory / "a", {});
  EXPECT_NE(message_of([&] { write_archive(directory / "a", {}); }).find("another process"),
            std::string::npos);
  send(*sink, tables(1), {});
  EXPECT_EQ(verify_archive(directory / "a", 1, {}).totals.rows, 0u);
}

TEST(Output, AFullDeviceIsNamed) {
  std::string message = message_of([&] { send(*write_archive("/dev/full", {}), tables(1), {}); });
  EXPECT_NE(message.find("/dev/full"), std::string::npos) << message;
  EXPECT_NE(message.find("No space left on device"), std::string::npos) << message;
}

TEST(Output, ADirectoryThatIsMissingIsNamed) {
  TemporaryDirectory directory;
  std::string message = message_of([&] { write_archive(directory / "none/a", {}); });
  EXPECT_NE(message.find("none/a"), std::string::npos) << message;
}

TEST(Output, LevelsThatZstdDoesNotHaveAreRefused) {
  TemporaryDirectory directory;
  message_of([&] { write_archive(directory / "a", {.level = 99}); }, Fault::usage);
  EXPECT_FALSE(std::filesystem::exists(directory / "a.partial"));
}

// In a process of its own, for limits and standard output. Returns the exit status: 0 when body gave the
// message.
int in_child(const std::function<std::string()>& body, const std::string& expected) {
  pid_t child = fork();
  if (child == 0) {
    std::string message = body();
    if (message.find(expected) == std::string::npos) write_file("/dev/stderr", message + "\n");
    _exit(message.find(expected) == std::string::npos ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST(Output, AFullDiskLeavesNoFileBehind) {
  TemporaryDirectory directory;
  auto body = [&] {
    rlimit limit{100000, 100000};
    setrlimit(RLIMIT_FSIZE, &limit);
    return message_of([&] { send(*write_archive(directory / "a", {.level = 0}), tables(1), noise(20)); });
  };
  EXPECT_EQ(in_child(body, "after 100000 bytes: File too large"), 0);
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(directory / "a").parent_path()));
}

TEST(Output, AClosedPipeIsAnErrorAndNotASignal) {
  auto body = [] {
    int ends[2];
    if (pipe(ends) != 0) return std::string("no pipe");
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]), close(ends[0]);
    return message_of([] { send(*write_archive("-", {}), tables(1), noise(2)); });
  };
  EXPECT_EQ(in_child(body, "standard output: Broken pipe"), 0);
}

TEST(Output, AFullDiskBehindStandardOutputIsNamed) {
  auto body = [] {
    int full = open("/dev/full", O_WRONLY);
    dup2(full, STDOUT_FILENO);
    return message_of([] { send(*write_archive("-", {}), tables(1), noise(2)); });
  };
  EXPECT_EQ(in_child(body, "standard output: No space left on device"), 0);
}

TEST(Output, StandardOutputIntoStandardInputCarriesAnArchive) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[0], STDIN_FILENO);
    close(ends[1]);
    std::uint64_t rows = 0;
    auto source = read_archive("-");
    while (auto item = source->next())
      if (auto* pending = std::get_if<0>(&*item)) rows += (*pending)->decode()->rows;
    _exit(rows == 40000 ? 0 : 1);
  }
  close(ends[0]);
  int saved = dup(STDOUT_FILENO);
  dup2(ends[1], STDOUT_FILENO);
  close(ends[1]);
  send(*write_archive("-", {}), tables(1), noise(20));
  dup2(saved, STDOUT_FILENO);
  close(saved);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace pghaul::format::test
