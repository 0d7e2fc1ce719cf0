// What libFuzzer calls. NAS_FUZZ_TARGET names one of the targets.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  nas::fuzz::NAS_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
