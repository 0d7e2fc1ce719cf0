#include "nas/train/gradient_clip.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

void clip_gradients(const std::vector<torch::Tensor>& parameters, double largest) {
  if (largest <= 0) return;
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> gradients;
  for (const torch::Tensor& parameter : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  if (gradients.empty()) return;
  const torch::Tensor norm = torch::stack(at::_foreach_norm(gradients)).norm();
  at::_foreach_mul_(gradients, (largest / (norm + 1e-6)).clamp_max(1));
}

}  // namespace nas
