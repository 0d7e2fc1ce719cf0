#pragma once

#include <torch/types.h>

#include <vector>

#include "nas/kernels/branch_run.hpp"

namespace nas {

template <class T>
struct BranchBackward {
  const std::vector<BranchRun<T>>& branches;
  const torch::Tensor g;  // gradient of the sum, channels last
  bool weights = true;    // whether gradients of the units' weights are wanted
};

/// After branch_forward() in training.
template <class T>
BranchSumGradients branch_backward(const BranchBackward<T>& work);

}  // namespace nas
