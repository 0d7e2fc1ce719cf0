#pragma once

#include <torch/types.h>

#include <cstddef>
#include <variant>
#include <vector>

#include "nas/kernels/branch_sum.hpp"

namespace nas {

/// One term of a sum: a branch over a value, each sample of its result times that of `samples` [N],
/// which has no gradient and may be undefined.
struct GraphTerm {
  size_t value = 0;
  Branch branch;
  torch::Tensor samples;
};
/// Its terms' results have one shape.
struct GraphSum {
  std::vector<GraphTerm> terms;
};
/// Values one after another along the channels; all are sums or shuffles, in no other concatenation
/// and no outputs.
struct GraphConcatenation {
  std::vector<size_t> values;
};
/// Of a value's channels in `parts` equal parts the first-th to before the last-th. Slices of one
/// value cover its channels, each once; they are no outputs.
struct GraphSlice {
  size_t value = 0;
  int64_t first = 0;
  int64_t last = 1;
  int64_t parts = 1;
};
/// A concatenation that nothing else reads, its channels in `groups`: channel j of group i becomes
/// channel i of group j.
struct GraphShuffle {
  size_t value = 0;
  int64_t groups = 1;
};
using GraphNode = std::variant<GraphSum, GraphConcatenation, GraphSlice, GraphShuffle>;

/// Sums of branches over inputs and over one another's results. Values are numbered: first the
/// inputs, then the nodes, which read values before them.
struct BranchGraph {
  std::vector<torch::Tensor> inputs;  // [N, C, H, W] each
  std::vector<GraphNode> nodes;
  std::vector<size_t> outputs;  // nodes
};

/// The outputs of a graph whose inputs branch_sum_takes(), equal to what branch_sum() gives for
/// each sum. On a CPU all that reads a value reads each of its samples while it is in the
/// processor's caches, the same goes for gradients, which are gathered there, and no concatenation
/// or slice moves a value; nor does the number of threads change the bits.
std::vector<torch::Tensor> branch_graph(BranchGraph graph, const NormPass& pass);

}  // namespace nas
