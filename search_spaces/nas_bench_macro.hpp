#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

/// Defaults are those of the benchmark.
struct NasBenchMacroOptions {
  int64_t channels = 32;
  TaskOptions task;
};

void describe(Section& section, NasBenchMacroOptions& options);

/// NAS-Bench-Macro (Su et al. 2021): a chain of eight layers in stages of 2, 3 and 3, the first of
/// each stage halving the map and doubling the channels; each layer an identity (0), an inverted
/// residual of expansion 3 and kernel 3 (1), or of expansion 6 and kernel 5 (2). Text: `02012100`.
std::unique_ptr<Space> make_nas_bench_macro(const NasBenchMacroOptions& options, TaskShape task);

}  // namespace nas
