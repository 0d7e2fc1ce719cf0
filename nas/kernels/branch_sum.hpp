#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "nas/kernels/cpu_kernels.hpp"

namespace nas {

/// Added to variances by batch norms, as everywhere in PyTorch.
inline constexpr double kNormEpsilon = 1e-5;

/// What a batch norm learns and keeps; [channels] each. `weight` and `bias` may be undefined.
struct NormWeights {
  torch::Tensor weight;
  torch::Tensor bias;
  torch::Tensor running_mean;
  torch::Tensor running_variance;
};

/// ReLU, depthwise convolution where there is one, pointwise convolution, batch norm. Or a
/// factorized reduction: ReLU, two pointwise convolutions of stride 2, of the pixels and of those
/// one down and one right, their results one after the other, batch norm. Or ReLU, a 3x3
/// convolution over all channels with stride 1, batch norm.
struct SeparableUnit {
  int64_t kernel = 3;       // 3 or 5; 1 with a pointwise convolution alone
  int64_t stride = 1;       // 1 or 2; with kernel 1: 2 for a factorized reduction alone
  int64_t dilation = 1;     // 1 or 2
  torch::Tensor depthwise;  // [in, 1, kernel, kernel], or undefined
  torch::Tensor pointwise;  // [out, in, 1, 1]; over all channels [out, in, 3, 3]
  torch::Tensor shifted;    // [more out, in, 1, 1]: a factorized reduction's second; else undefined
  NormWeights norm;

  bool over_all_channels() const { return kernel == 3 && !depthwise.defined(); }
};

/// The branches of a sum, each times `factor`, a scalar tensor; undefined: 1.
struct SeparableBranch {
  std::vector<SeparableUnit> units;  // one after another
  torch::Tensor factor;
};
struct PoolBranch {  // then batch norm where there is one
  Pool pool = Pool::largest;
  int64_t stride = 1;
  std::optional<NormWeights> norm;
  torch::Tensor factor;
  int64_t window = 3;  // with padding 1; or 2 with stride 2, the last cut off where sides are odd
};
struct IdentityBranch {  // x itself, or its batch norm
  std::optional<NormWeights> norm;
  torch::Tensor factor;
};
using Branch = std::variant<SeparableBranch, PoolBranch, IdentityBranch>;

/// Branches over one x [N, C, H, W].
struct BranchInput {
  torch::Tensor x;
  std::vector<Branch> branches;
};

/// What a batch norm needs to know of a forward pass.
struct NormPass {
  bool training = false;
  /// Weight of the batch's mean and variance in the running ones.
  double momentum = 0.1;
};

/// Whether branch_sum takes this input of a network now: float or double on a CPU without autocast,
/// or what grid_branch_sum() is made for; and either training with more than one value a channel or
/// nothing to differentiate; and kernel_choice() is not reference.
bool branch_sum_takes(const torch::Tensor& x, bool training);

/// The sum over inputs i and their branches k of factor_ik * branch_ik(x_i), with all passes over
/// memory joined that can be: ReLU, both convolutions and the sums of batch norm in one;
/// normalisation, factors and the sum over branches in another; and the same for gradients, those
/// of the factors included (on CUDA devices as grid_branch_sum() does). Each input has a branch,
/// and all results have one shape. Equal to the layers one by one up to rounding; the number of
/// threads does not change the bits. Gradients of gradients are not provided.
torch::Tensor branch_sum(std::vector<BranchInput> inputs, const NormPass& pass);

}  // namespace nas
