#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

/// Defaults are those of the DARTS paper's comparison on CIFAR-10.
struct NasnetOptions {
  int64_t channels = 36;
  int64_t cells = 20;
  /// Pairwise combinations in a cell.
  int64_t nodes = 5;
  /// Auxiliary head at two thirds of the depth, for training alone.
  bool auxiliary = false;
  TaskOptions task;
};

void describe(Section& section, NasnetOptions& options);

/// The cells of NASNet (Zoph et al. 2018) with the eight operations of AmoebaNet (Real et al.
/// 2019): each node sums two operations on two earlier states, which may be the same; the nodes
/// that no other takes are the cell's output. Cells are stacked as in `darts`. Text: the genotype
/// as published with DARTS, `normal=[(sep_conv_5x5,1),...] normal_concat=[2,3,4,5,6] reduce=[...]
/// reduce_concat=[4,5,6]`, edges in the order written; Python's form is read too. canonical()
/// orders the two edges of each node.
///
/// The supernet mixes, for each of a node's two edges, all operations on all earlier states, and
/// its cells put out all nodes. Weights are shared as by ENAS for such cells (Pham et al. 2018,
/// section 2.4): each of the two edges has its own by operation and state, and what reads a cell
/// has some for every node, of which those of the nodes that others take see zeros.
std::unique_ptr<Space> make_nasnet(const NasnetOptions& options, TaskShape task);

}  // namespace nas
