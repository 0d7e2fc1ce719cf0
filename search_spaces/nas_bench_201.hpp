#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

/// Defaults are those of the benchmark.
struct NasBench201Options {
  int64_t channels = 16;
  int64_t cells_per_stage = 5;
  bool affine = true;
  TaskOptions task;
};

void describe(Section& section, NasBench201Options& options);

/// NAS-Bench-201 (Dong & Yang 2020): cells of four nodes in a row, each edge between two of them
/// one of five operations; three stages of cells with a residual block of stride 2 between them.
/// Text:
/// `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`. canonical() follows the paper's rule for equal
/// topologies: zeros vanish, skips name their source, sums are sorted.
std::unique_ptr<Space> make_nas_bench_201(const NasBench201Options& options, TaskShape task);

}  // namespace nas
