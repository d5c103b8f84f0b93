#include "restore/retry.h"

#include <chrono>
#include <thread>

namespace pghaul::restore {

bool is_passing(const Error& error) {
  const std::string& state = error.sqlstate();
  return state == "40P01" || state == "40001" || state == "55P03" ||
         (state == "XX000" && error.message().find("concurrently updated") != std::string::npos);
}

void retrying(const std::function<void()>& work) {
  constexpr int tries = 6;
  for (int attempt = 1;; ++attempt) {
    try {
      return work();
    } catch (const Error& error) {
      if (!is_passing(error) || attempt == tries) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20 << attempt));
    }
  }
}

}  // namespace pghaul::restore
