#pragma once

#include <string_view>
#include <vector>

#include "tools/assemble.hpp"
#include "tools/bench/benchmark.hpp"

namespace nas {

/// One benchmark by name. `run` is null where this program lacks LibTorch and it needs that.
struct BenchRow {
  std::string_view name;
  std::string_view meaning;
  Benchmark run;
};

/// Every benchmark. A new one is one file and one row.
std::vector<BenchRow> bench_table(const TensorBenchmarks& tensor);

}  // namespace nas
