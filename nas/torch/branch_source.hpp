#pragma once

#include <torch/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nas/kernels/branch_sum.hpp"
#include "nas/torch/layers.hpp"

namespace nas {

/// A function of x as a sum of branches over x and over what it makes of x first.
class BranchSource {
 public:
  struct Part {
    size_t over = 0;  // 0: x; k: what before()[k - 1] gives
    Branch branch;
  };

  virtual ~BranchSource() = default;
  /// Functions of x; in a pass without parts over what one gives it gives an undefined tensor.
  virtual std::vector<const LayerFunction*> before() const { return {}; }
  virtual bool gives_zeros(const Pass& /*pass*/) const { return false; }
  /// None where it gives zeros.
  virtual std::vector<Part> parts(const Pass& pass) const = 0;

  /// With more than one part of equal channels, the first of x's takes x's place above. The others,
  /// with stride 2 the largest of each 2x2, pass it times passed_factor() and follow its sum; then
  /// channels are shuffled between `parts` groups.
  struct Passed {
    int64_t parts = 1;
    int64_t stride = 1;
  };
  virtual Passed passed() const { return {}; }
  virtual torch::Tensor passed_factor(const Pass& /*pass*/) const { return {}; }
};

/// What batch norms need to know of a pass.
inline NormPass norm_pass(const Pass& pass) { return {pass.training, pass.batch_norm_momentum}; }

/// Whether branch_sum() computes what reads x in this pass: it knows only the statistics of the
/// batch that it sees.
inline bool branch_sum_takes(const torch::Tensor& x, const Pass& pass) {
  return pass.shared.statistics == nullptr && branch_sum_takes(x, pass.training);
}

}  // namespace nas
