#pragma once

#include <torch/types.h>

#include <optional>
#include <span>
#include <vector>

#include "nas/kernels/batch_statistics.hpp"
#include "nas/kernels/branch_sum.hpp"
#include "nas/kernels/cpu_kernels.hpp"

namespace nas {

/// One separable unit in one forward and backward pass.
template <class T>
struct UnitRun {
  SeparableUnit unit;
  SeparableShape shape;
  const CpuKernels<T>* kernels = nullptr;
  int64_t frame = 0;   // around its input
  int64_t in = 0;      // channels, padded
  int64_t spread = 0;  // what enters the pointwise convolution
  int64_t out = 0;
  std::vector<T> depthwise, pointwise;
  std::vector<T> scale, shift;  // of the unit's input; empty for a branch's first
  torch::Tensor z;              // [N, out, H, W], channels last
  BatchStatistics statistics;
};

/// One branch in one pass. `y` is what enters the sum times factor: the result before its batch
/// norm where it has one.
template <class T>
struct BranchRun {
  size_t input = 0;  // number of x
  torch::Tensor x;   // [N, C, H, W], channels last
  std::vector<UnitRun<T>> units;
  std::optional<PoolBranch> pool;
  bool identity = false;
  std::optional<NormWeights> norm;  // of y, where the branch has no units
  torch::Tensor y;
  std::optional<BatchStatistics> statistics;  // of y
  double factor = 1;
};

/// Of a branch with a pool.
template <class T>
PoolShape pool_shape(const BranchRun<T>& branch) {
  return {branch.x.size(2), branch.x.size(3), branch.x.size(1), branch.pool->stride};
}

/// Gradients of one unit's weights; undefined where not wanted.
struct UnitGradients {
  torch::Tensor depthwise, pointwise, shifted;
  std::vector<double> norm_weight, norm_bias;
};
struct BranchGradients {
  double factor = 0;
  std::vector<UnitGradients> units;
  std::vector<double> norm_weight, norm_bias;  // of a norm that is no unit's
};

/// Gradients of the inputs and of what the branches hold.
struct BranchSumGradients {
  std::vector<torch::Tensor> x;
  std::vector<BranchGradients> branches;
};

/// A sum of branches over one batch: forward(), then backward().
template <class T>
class BranchSumRun {
 public:
  BranchSumRun(std::span<const BranchInput> inputs, const NormPass& pass);

  torch::Tensor forward();
  /// `weights`: whether gradients of the units' weights are wanted.
  BranchSumGradients backward(const torch::Tensor& g, bool weights);

  /// The large tensors that backward() needs, for autograd to keep meanwhile.
  std::vector<torch::Tensor> take_tensors();
  void give_back(const std::vector<torch::Tensor>& tensors);

 private:
  void add(const SeparableBranch& branch, BranchRun<T>& run) const;
  void add(const PoolBranch& branch, BranchRun<T>& run) const;
  void add(const IdentityBranch& branch, BranchRun<T>& run) const;
  void share_frames();
  template <class Visit>
  void visit_tensors(Visit visit);

  NormPass pass_;
  std::vector<BranchRun<T>> branches_;
};

}  // namespace nas
