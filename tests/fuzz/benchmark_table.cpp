#include "nas/evaluate/table.hpp"

#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

/// CSV or JSON by the first byte.
void benchmark_table(std::string_view input) {
  const char* name = take_byte(input) % 2 == 0 ? "benchmark.json" : "benchmark.csv";
  const auto path = file_with(input, name);
  taken([&] { read_table(path.string(), "arch"); });
}

}  // namespace nas::fuzz
