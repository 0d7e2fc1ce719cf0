#pragma once

#include <torch/types.h>

#include <vector>

#include "nas/kernels/branch_run.hpp"

namespace nas {

template <class T>
struct BranchForward {
  std::vector<BranchRun<T>>& branches;
  const NormPass& pass;
};

/// Fills what the branches compute and gives their sum.
template <class T>
torch::Tensor branch_forward(const BranchForward<T>& work);

/// Sample `n` as it enters unit `index` of a branch.
template <class T>
FrameInput<T> unit_input(const BranchRun<T>& branch, size_t index, int64_t n);

/// Sample `n` of [N, C, H, W].
template <class T>
const T* sample(const torch::Tensor& tensor, int64_t n) {
  return tensor.const_data_ptr<T>() + n * tensor.stride(0);
}
template <class T>
T* mutable_sample(const torch::Tensor& tensor, int64_t n) {
  return tensor.mutable_data_ptr<T>() + n * tensor.stride(0);
}

/// Elements cast one by one, followed by zeros up to `size`.
template <class T>
std::vector<T> padded_values(const std::vector<double>& values, int64_t size) {
  std::vector<T> result(static_cast<size_t>(size));
  for (size_t i = 0; i < values.size(); ++i) result[i] = static_cast<T>(values[i]);
  return result;
}

}  // namespace nas
