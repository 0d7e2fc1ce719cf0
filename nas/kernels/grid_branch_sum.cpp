#include "nas/kernels/grid_branch_sum.hpp"

#include <ATen/autocast_mode.h>

#include <utility>
#include <vector>

#include "nas/kernels/grid_sum.hpp"
#include "nas/kernels/normalized_sum.hpp"
#include "nas/kernels/pool_3x3.hpp"
#include "nas/kernels/relu_depthwise.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// A matrix product over the channels; in channels last the pixels are its rows as they lie.
torch::Tensor pointwise(const torch::Tensor& z, const torch::Tensor& weight) {
  const torch::Tensor matrix = weight.to(z.scalar_type());
  if (!z.is_contiguous(torch::MemoryFormat::ChannelsLast)) return at::conv2d(z, matrix);
  return at::linear(z.permute({0, 2, 3, 1}), matrix.flatten(1)).permute({0, 3, 1, 2});
}

/// A factorized reduction's two convolutions of relu(x).
torch::Tensor reduced(const torch::Tensor& x, const SeparableUnit& unit) {
  const torch::Tensor values = at::relu(x);
  const auto convolved = [&](const torch::Tensor& from, const torch::Tensor& weight) {
    return at::conv2d(from, weight.to(x.scalar_type()), {}, {2, 2});
  };
  const torch::Tensor below = at::constant_pad_nd(values, {-1, 1, -1, 1});
  return at::cat({convolved(values, unit.pointwise), convolved(below, unit.shifted)}, 1);
}

/// What a unit's batch norm sees.
torch::Tensor result_of(const torch::Tensor& x, const SeparableUnit& unit) {
  if (unit.shifted.defined()) return reduced(x, unit);
  if (unit.over_all_channels()) {
    return at::conv2d(at::relu(x), unit.pointwise.to(x.scalar_type()), {}, {1, 1}, {1, 1});
  }
  if (!unit.depthwise.defined()) return pointwise(at::relu(x), unit.pointwise);
  return pointwise(relu_depthwise(x, unit.depthwise, {unit.stride, unit.dilation}), unit.pointwise);
}

SumTerm term_of(const torch::Tensor& x, const SeparableBranch& branch, const NormPass& pass) {
  SumTerm term{x, {}, branch.factor};
  for (const SeparableUnit& unit : branch.units) {
    torch::Tensor input = term.y;
    if (term.norm) {
      const SumTerm before{term.y, term.norm, {}};
      input = normalized_sum({&before, 1}, pass);
    }
    term.y = result_of(input, unit);
    term.norm = unit.norm;
  }
  return term;
}

/// Windows of 2x2 side by side, the last cut off where sides are odd.
torch::Tensor halved(const torch::Tensor& x, Pool pool) {
  if (pool == Pool::largest) return at::max_pool2d(x, {2, 2}, {2, 2}, {0, 0}, {1, 1}, true);
  return at::avg_pool2d(x, {2, 2}, {2, 2}, {0, 0}, /*ceil_mode=*/true, /*count_include_pad=*/false);
}

SumTerm term_of(const torch::Tensor& x, const PoolBranch& branch, const NormPass&) {
  const torch::Tensor y =
      branch.window == 2 ? halved(x, branch.pool) : pool_3x3(x, branch.pool, branch.stride);
  return {y, branch.norm, branch.factor};
}

SumTerm term_of(const torch::Tensor& x, const IdentityBranch& branch, const NormPass&) {
  return {x, branch.norm, branch.factor};
}

}  // namespace

bool grid_branch_sum_takes(const torch::Tensor& x) {
#ifdef NAS_WITH_CUDA
  const torch::ScalarType type = x.scalar_type();
  const bool fits = type == torch::kFloat || type == torch::kDouble || type == torch::kBFloat16;
  if (!x.is_cuda() || !fits) return false;
  return !at::autocast::is_autocast_enabled(at::kCUDA) ||
         at::autocast::get_autocast_dtype(at::kCUDA) == torch::kBFloat16;
#else
  static_cast<void>(x);
  return false;
#endif
}

torch::Tensor grid_branch_sum(std::span<const BranchInput> inputs, const NormPass& pass) {
  std::vector<SumTerm> terms;
  for (const auto& [x, branches] : inputs) {
    const bool lower =
        x.scalar_type() == torch::kFloat && at::autocast::is_autocast_enabled(x.device().type());
    const torch::Tensor input = lower ? x.to(torch::kBFloat16) : x;
    for (const Branch& branch : branches) {
      if (terms.size() == kMostTerms) terms = {{normalized_sum(terms, pass), {}, {}}};
      terms.push_back(
          std::visit([&](const auto& kind) { return term_of(input, kind, pass); }, branch));
    }
  }
  return normalized_sum(terms, pass);
}

}  // namespace nas
