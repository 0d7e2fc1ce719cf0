#pragma once

#include <span>

#include "nas/kernels/branch_sum.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

/// branch_sum() by LibTorch's own layers, one after another.
inline torch::Tensor normalized(const torch::Tensor& z, const NormWeights& norm,
                                const NormPass& pass) {
  return at::batch_norm(z, norm.weight, norm.bias, norm.running_mean, norm.running_variance,
                        pass.training, pass.momentum, 1e-5, /*cudnn_enabled=*/false);
}

/// What a unit's batch norm sees of relu(x).
inline torch::Tensor convolved(const torch::Tensor& x, const SeparableUnit& unit) {
  if (unit.shifted.defined()) {
    const torch::Tensor below = at::constant_pad_nd(x, {-1, 1, -1, 1});
    return at::cat(
        {at::conv2d(x, unit.pointwise, {}, {2, 2}), at::conv2d(below, unit.shifted, {}, {2, 2})},
        1);
  }
  if (unit.over_all_channels()) return at::conv2d(x, unit.pointwise, {}, {1, 1}, {1, 1});
  if (!unit.depthwise.defined()) return at::conv2d(x, unit.pointwise);
  const int64_t padding = unit.dilation * (unit.kernel - 1) / 2;
  const torch::Tensor spread =
      at::conv2d(x, unit.depthwise, {}, {unit.stride, unit.stride}, {padding, padding},
                 {unit.dilation, unit.dilation}, x.size(1));
  return at::conv2d(spread, unit.pointwise);
}

inline torch::Tensor result_of(const torch::Tensor& x, const SeparableBranch& branch,
                               const NormPass& pass) {
  torch::Tensor y = x;
  for (const SeparableUnit& unit : branch.units) {
    y = normalized(convolved(at::relu(y), unit), unit.norm, pass);
  }
  return y;
}
inline torch::Tensor result_of(const torch::Tensor& x, const PoolBranch& branch,
                               const NormPass& pass) {
  const std::vector<int64_t> stride{branch.stride, branch.stride};
  const std::vector<int64_t> window{branch.window, branch.window};
  const int64_t padding = branch.window == 3 ? 1 : 0;
  const bool up = branch.window == 2;  // sides
  const torch::Tensor y =
      branch.pool == Pool::largest
          ? at::max_pool2d(x, window, stride, {padding, padding}, {1, 1}, up)
          : at::avg_pool2d(x, window, stride, {padding, padding}, up, /*count_include_pad=*/false);
  return branch.norm ? normalized(y, *branch.norm, pass) : y;
}
inline torch::Tensor result_of(const torch::Tensor& x, const IdentityBranch& branch,
                               const NormPass& pass) {
  return branch.norm ? normalized(x, *branch.norm, pass) : x;
}

inline torch::Tensor layer_by_layer(const torch::Tensor& x, std::span<const Branch> branches,
                                    const NormPass& pass) {
  torch::Tensor sum;
  for (const Branch& branch : branches) {
    std::visit(
        [&](const auto& kind) {
          torch::Tensor y = result_of(x, kind, pass);
          if (kind.factor.defined()) y = y * kind.factor;
          sum = sum.defined() ? sum + y : y;
        },
        branch);
  }
  return sum;
}

}  // namespace nas
