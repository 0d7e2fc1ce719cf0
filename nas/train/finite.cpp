#include "nas/train/finite.hpp"

#include <limits>

#include "nas/torch/torch.hpp"

namespace nas {

bool all_finite(const std::vector<torch::Tensor>& tensors) {
  const torch::NoGradGuard no_grad;
  // Largest magnitudes: unlike a sum of squares they overflow only where a number does.
  std::vector<torch::Tensor> largest;
  for (const auto& norm : at::_foreach_norm(tensors, std::numeric_limits<double>::infinity())) {
    largest.push_back(norm.to(torch::kDouble));
  }
  return torch::stack(largest).isfinite().all().item<bool>();
}

}  // namespace nas
