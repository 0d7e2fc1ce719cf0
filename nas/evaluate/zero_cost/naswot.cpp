#include "nas/evaluate/zero_cost/naswot.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

double naswot(const Probe& probe) {
  const torch::NoGradGuard no_grad;
  const int64_t examples = probe.logits.size(0);
  torch::Tensor kernel = torch::zeros({examples, examples}, torch::kDouble);
  for (const torch::Tensor& activation : probe.activations) {
    // With signs s of +1 and -1, two examples agree in (D + <s, s'>) / 2 of D places: whole numbers
    // below 2^24, exact in float32.
    const torch::Tensor signs = (activation.flatten(1) > 0).to(torch::kFloat) * 2 - 1;
    const torch::Tensor products = signs.matmul(signs.t()).to(torch::kCPU, torch::kDouble);
    kernel += (products + static_cast<double>(signs.size(1))) / 2;
  }
  return std::get<1>(torch::slogdet(kernel)).item<double>();
}

}  // namespace nas
