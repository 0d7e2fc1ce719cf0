#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/space.hpp"
#include "search_spaces/darts_cell.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

/// Defaults are those of the published CIFAR-10 evaluation; the published search uses 16 channels
/// and 8 cells.
struct DartsSpaceOptions {
  int64_t channels = 36;
  int64_t cells = 20;
  /// Intermediate nodes of a cell.
  int64_t nodes = 4;
  /// Auxiliary head at two thirds of the depth, for training alone.
  bool auxiliary = false;
  TaskOptions task;
};

void describe(Section& section, DartsSpaceOptions& options);

/// The cells of DARTS (Liu et al. 2019): each node sums two operations on two different earlier
/// nodes; normal cells, and reduction cells at one and two thirds of the depth. Text: the published
/// genotype in one line, edges of a node in the order of their inputs; Python's form is read too.
std::unique_ptr<Space> make_darts_space(const DartsSpaceOptions& options, TaskShape task);

/// The same with the operations that `menu` offers on the edges of `options.nodes` nodes.
std::unique_ptr<Space> make_darts_space_of(std::string_view name, DartsMenu menu,
                                           const DartsSpaceOptions& options, TaskShape task);

}  // namespace nas
