#pragma once

#include <torch/types.h>

#include <vector>

#include "nas/kernels/graph_run.hpp"
#include "nas/kernels/unit_backward.hpp"

namespace nas {

struct BranchGradients {
  double factor = 0;
  std::vector<UnitGradients> units;
  std::vector<double> norm_weight, norm_bias;  // of a norm that is no unit's
};

/// Gradients of a graph's inputs and of what its branches hold.
struct GraphGradients {
  std::vector<torch::Tensor> inputs;
  std::vector<BranchGradients> branches;
};

/// Whether gradients of the units' weights are wanted.
enum class WeightGradients { none, wanted };

/// After graph_forward() in training, from the gradients of the outputs. Lets go of what `run`
/// holds on the way.
template <class T>
GraphGradients graph_backward(GraphRun<T> run, const std::vector<torch::Tensor>& outputs,
                              WeightGradients weights);

}  // namespace nas
