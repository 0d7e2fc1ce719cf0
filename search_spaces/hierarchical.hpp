#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nas/config/component.hpp"
#include "nas/search/space.hpp"
#include "search_spaces/cell_space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

struct HierarchicalOptions {
  enum class CellPer { network, stage };

  int64_t stages = 3;
  /// Cells that a stage may have; 0 moves its reduction to the one before.
  std::vector<int64_t> cells{1, 2, 3};
  /// That the first stage may have; every further stage has twice as many.
  std::vector<int64_t> channels{8, 16, 32};
  CellPer cell_per = CellPer::network;
  Component<CellSpace> cell;
  TaskOptions task;
};

void describe(Section& section, HierarchicalOptions& options);

/// Two levels searched together, in the spirit of hierarchical representations (Liu et al. 2018):
/// how many cells stand in each stage, and so where the reductions between them are, how wide they
/// are, and the cell itself, one for the network or one for each stage. A reduction is ReLU, 3x3
/// convolution of stride 2 and batch norm. Text: `channels=16 cells=1-2-1 cell=|op~0|+...`, or a
/// `cell=` for each stage. canonical() leaves out a cell that no stage holds.
std::unique_ptr<Space> make_hierarchical(const HierarchicalOptions& options, TaskShape task);

}  // namespace nas
