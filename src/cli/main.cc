// The program: signals, the command, and what becomes of its errors.

#include <fmt/format.h>
#include <malloc.h>
#include <sched.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "pg/secrets.h"

namespace pghaul::cli {
namespace {

ExitCode exit_code(const Error& error) {
  switch (error.fault()) {
    case Fault::usage: return exit_usage;
    case Fault::differs: return exit_differs;
    case Fault::damaged:
    case Fault::incomplete: return exit_damaged;
    default: return exit_failed;
  }
}

// Where nobody closer to the error knew what to do about it.
std::string advice(Fault fault) {
  switch (fault) {
    case Fault::connect: return "check that the server runs and can be reached; its log tells why it ended a connection";
    case Fault::io: return "check the name, its permissions and the space there";
    case Fault::damaged:
    case Fault::incomplete: return "take another copy of the archive, or dump again";
    case Fault::internal: return "this is a bug in pghaul: please report it with this message";
    default: return "the server's log may tell more";
  }
}

// The first Ctrl-C (or TERM, HUP) asks the command to stop cleanly; the second ends the program at once.
class Signals {
 public:
  Signals() {
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set_);
    for (int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, number);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    thread_ = std::thread([this] {
      for (int seen = 0;; ++seen) {
        int number = 0;
        sigwait(&set_, &number);
        if (done_) return;
        if (seen) _exit(exit_failed);
        stop_.request_stop();
      }
    });
  }
  ~Signals() {
    done_ = true;
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
  }
  std::stop_token token() const { return stop_.get_token(); }

 private:
  sigset_t set_;
  std::stop_source stop_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

ExitCode dispatch(const Run& run) {
  switch (run.arguments.command->command) {
    case cmd_dump: return dump(run);
    case cmd_restore: return restore(run);
    case cmd_copy: return copy(run);
    case cmd_verify: return verify(run);
    case cmd_inspect: return inspect(run);
  }
  return exit_usage;
}

ExitCode run_command(const Arguments& arguments) {
  Signals signals;
  Progress progress;
  Terminal terminal(progress, arguments.has("quiet"), arguments.has("verbose"));
  Run run{arguments, progress, terminal, signals.token()};
  try {
    return dispatch(run);
  } catch (const Error& failure) {
    Error error = failure;
    if (error.hint().empty()) error.set_hint(advice(error.fault()));
    terminal.stop();
    std::fputs(error_text(error).c_str(), stderr);
    Reporter(run).json({{"ok", false}, {"error", error_json(error)}});
    return exit_code(error);
  }
}

// Other users see a process's arguments: passwords among them are overwritten once they have been read.
std::vector<std::string> take_arguments(int argc, char** argv) {
  std::vector<std::string> taken(argv, argv + argc);
  for (int i = 1; i < argc; ++i)
    for (const auto& [begin, end] : pg::secret_ranges(taken[static_cast<std::size_t>(i)])) std::fill(argv[i] + begin, argv[i] + end, '*');
  return taken;
}

int run_main(const std::vector<std::string>& given) {
  std::string_view first = given.size() > 1 ? std::string_view(given[1]) : "--help";
  if (first == "--help" || first == "help") return fmt::print("{}", general_help()), exit_done;
  if (first == "--version" || first == "-V") return fmt::print("pghaul {}\n", PGHAUL_VERSION), exit_done;
  try {
    Arguments arguments = parse(given);
    if (arguments.has("help")) return fmt::print("{}", command_help(*arguments.command)), exit_done;
    return run_command(arguments);
  } catch (const Error& error) {
    std::fputs(error_text(error).c_str(), stderr);
    return exit_code(error);
  } catch (const std::bad_alloc&) {
    std::fputs("pghaul: error: out of memory\n  hint: use fewer jobs (-j)\n", stderr);
    return exit_failed;
  } catch (const std::exception& error) {
    fmt::print(stderr, "pghaul: error: {}\n  hint: this is a bug in pghaul\n", printable(error.what()));
    return exit_failed;
  }
}

}  // namespace
}  // namespace pghaul::cli

int main(int argc, char** argv) {
  // Large buffers pass their memory on among themselves (base/bytes.h); what else is large is mapped, and leaves no holes in the heap.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  // One heap a core is enough for threads to stay out of each other's way; one a thread holds as many heaps' holes.
  mallopt(M_ARENA_MAX, static_cast<int>(std::max(std::thread::hardware_concurrency(), 2u)));
  // Between two servers that may be on this machine, every packet wakes a thread: as a batch it lets the server go on and takes more at once.
  sched_param none{};
  sched_setscheduler(0, SCHED_BATCH, &none);
  return pghaul::cli::run_main(pghaul::cli::take_arguments(argc, argv));
}
