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
/// Values one after another along the channels; all are sums, in no other concatenation and no
/// outputs.
struct GraphConcatenation {
  std::vector<size_t> values;
};
using GraphNode = std::variant<GraphSum, GraphConcatenation>;

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
/// moves a value; nor does the number of threads change the bits.
std::vector<torch::Tensor> branch_graph(BranchGraph graph, const NormPass& pass);

}  // namespace nas
