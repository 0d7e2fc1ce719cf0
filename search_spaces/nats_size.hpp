#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

/// Defaults are those of the benchmark.
struct NatsSizeOptions {
  int64_t channels = 64;  // the widest candidate; candidates are the multiples of 8 up to it
  int64_t cells_per_stage = 1;
  TaskOptions task;
};

void describe(Section& section, NatsSizeOptions& options);

/// The size space of NATS-Bench (Dong et al. 2021, section 3.2): a network of cell, residual block,
/// cell, residual block, cell, whose five widths are each one of 8, 16, ..., 64. The cell is fixed:
/// `|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|`,
/// the operations on the input bring it to the cell's width. With more cells per stage all have the
/// stage's width. Text: `8:8:16:32:64`. Weights are shared by slicing: a network has the first
/// channels of the widest one, and where a cell is wider or narrower than its input the first ones
/// of a projection that is shared beside them.
std::unique_ptr<Space> make_nats_size(const NatsSizeOptions& options, TaskShape task);

}  // namespace nas
