// Drives a fuzz target without libFuzzer: mutates its seeds from a number, for some seconds. Fails by
// crashing; prints the number first, so that a crash can be repeated. Files given as arguments are run as
// they are.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>

#include "fuzz.h"

namespace {

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::string mutated(std::string input, const std::vector<std::string>& seeds, std::mt19937_64& random) {
  static constexpr unsigned char interesting[] = {0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF};
  for (unsigned n = 1 + random() % 4; n > 0; --n) {
    std::size_t at = input.empty() ? 0 : random() % input.size();
    switch (random() % 6) {
      case 0:
        if (!input.empty()) input[at] = static_cast<char>(input[at] ^ (1 << random() % 8));
        break;
      case 1:
        if (!input.empty()) input[at] = static_cast<char>(interesting[random() % std::size(interesting)]);
        break;
      case 2: input.insert(at, 1 + random() % 9, static_cast<char>(random())); break;
      case 3: input.erase(at, 1 + random() % 9); break;
      case 4: input.resize(at); break;
      default: {
        const std::string& other = seeds[random() % seeds.size()];
        std::size_t from = random() % (other.size() + 1);
        input.replace(at, random() % 32, other.substr(from, random() % 64));
      }
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  unsigned long number = 1, seconds = 3;
  bool files = false;
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    if (argument == "--seed" && i + 1 < argc)
      number = std::strtoul(argv[++i], nullptr, 10);
    else if (argument == "--seconds" && i + 1 < argc)
      seconds = std::strtoul(argv[++i], nullptr, 10);
    else {
      std::ifstream file(argv[i], std::ios::binary);
      run({std::istreambuf_iterator<char>(file), {}});
      files = true;
    }
  }
  if (files) return 0;
  std::printf("seed %lu, %lu seconds\n", number, seconds);
  std::fflush(stdout);
  std::mt19937_64 random(number);
  std::vector<std::string> seeds = fuzz_seeds();
  for (const std::string& seed : seeds) run(seed);
  unsigned long runs = 0;
  auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (std::chrono::steady_clock::now() < end)
    for (int i = 0; i < 50; ++i, ++runs) run(mutated(seeds[random() % seeds.size()], seeds, random));
  std::printf("%lu inputs\n", runs);
}
