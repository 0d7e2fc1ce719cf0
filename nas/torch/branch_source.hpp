#pragma once

#include <torch/types.h>

#include <vector>

#include "nas/kernels/branch_sum.hpp"
#include "nas/torch/layers.hpp"

namespace nas {

/// A layer of one input whose result branch_sum() can give, alone or as a part of a larger sum.
class BranchSource {
 public:
  virtual ~BranchSource() = default;
  /// What it adds for an x that branch_sum_takes(), over x or over what it makes of x; none where
  /// it adds zeros.
  virtual std::vector<BranchInput> parts(const torch::Tensor& x, const Pass& pass) const = 0;
};

/// What batch norms need to know of a pass.
inline NormPass norm_pass(const Pass& pass) { return {pass.training, pass.batch_norm_momentum}; }

/// Whether branch_sum() computes what reads x in this pass: it knows only the statistics of the
/// batch that it sees.
inline bool branch_sum_takes(const torch::Tensor& x, const Pass& pass) {
  return pass.shared.statistics == nullptr && branch_sum_takes(x, pass.training);
}

}  // namespace nas
