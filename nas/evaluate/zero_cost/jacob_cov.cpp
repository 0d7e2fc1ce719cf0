#include "nas/evaluate/zero_cost/jacob_cov.hpp"

#include <limits>

#include "nas/torch/torch.hpp"

namespace nas {

double jacob_cov(const Probe& probe) {
  constexpr double kOffset = 1e-5;
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto jacobian =
      torch::autograd::grad({probe.logits}, {probe.images}, {torch::ones_like(probe.logits)},
                            /*retain_graph=*/true, /*create_graph=*/false, /*allow_unused=*/true)
          .front();
  if (!jacobian.defined()) return kNone;
  const torch::Tensor correlation =
      torch::corrcoef(jacobian.flatten(1).to(torch::kCPU, torch::kDouble));
  if (!correlation.isfinite().all().item<bool>()) return kNone;
  const torch::Tensor shifted = torch::linalg_eigvalsh(correlation, "L") + kOffset;
  return -(shifted.log() + shifted.reciprocal()).sum().item<double>();
}

}  // namespace nas
