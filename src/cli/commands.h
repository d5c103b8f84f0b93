// The commands: each reads its arguments, wires the modules together and reports. They throw Error; main() makes exit codes of it.
#pragma once

#include <stop_token>

#include "base/progress.h"
#include "cli/options.h"
#include "cli/terminal.h"

namespace pghaul::cli {

// What the program ends with (documented in --help and README).
enum ExitCode { exit_done = 0, exit_failed = 1, exit_usage = 2, exit_skipped = 3, exit_differs = 4, exit_damaged = 5 };

struct Run {
  const Arguments& arguments;
  Progress& progress;
  Terminal& terminal;
  std::stop_token stop;
};

ExitCode dump(const Run& run);
ExitCode restore(const Run& run);
ExitCode copy(const Run& run);
ExitCode verify(const Run& run);
ExitCode inspect(const Run& run);

}  // namespace pghaul::cli
