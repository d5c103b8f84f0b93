// A fuzz target's two halves: libFuzzer's entry point, and the seeds that fuzz_driver.cc mutates where there
// is no libFuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

std::vector<std::string> fuzz_seeds();
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
