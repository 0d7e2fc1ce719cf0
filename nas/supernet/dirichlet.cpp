#include "nas/supernet/dirichlet.hpp"

#include <cmath>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// LibTorch draws from a Dirichlet and has the path's derivative, but does not join the two.
class Draw : public torch::autograd::Function<Draw> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& concentration, int64_t seed) {
    const at::Generator generator = at::detail::createCPUGenerator(static_cast<uint64_t>(seed));
    const torch::Tensor host = concentration.to(torch::kCPU, torch::kDouble);
    const torch::Tensor drawn = at::_sample_dirichlet(host, generator);
    context->save_for_backward({drawn, host});
    return drawn.to(concentration.device(), concentration.scalar_type());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& drawn = saved[0];
    const torch::Tensor& concentration = saved[1];
    const torch::Tensor total = concentration.sum(-1, /*keepdim=*/true).expand_as(concentration);
    const torch::Tensor path = at::_dirichlet_grad(drawn, concentration, total.contiguous());
    const torch::Tensor by_draw = gradients[0].to(torch::kCPU, torch::kDouble);
    const torch::Tensor mean = (drawn * by_draw).sum(-1, /*keepdim=*/true);
    const torch::Tensor result = path * (by_draw - mean);
    return {result.to(gradients[0].device(), gradients[0].scalar_type()), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor sample_dirichlet(const torch::Tensor& concentration, uint64_t seed) {
  return Draw::apply(concentration, static_cast<int64_t>(seed));
}

torch::Tensor divergence_from_uniform(const torch::Tensor& concentration) {
  const torch::Tensor total = concentration.sum(-1);
  const auto options = static_cast<double>(concentration.size(-1));
  const torch::Tensor normalizer =
      at::lgamma(total) - at::lgamma(concentration).sum(-1) - std::lgamma(options);
  const torch::Tensor moments =
      ((concentration - 1) * (at::digamma(concentration) - at::digamma(total).unsqueeze(-1)))
          .sum(-1);
  return (normalizer + moments).sum();
}

}  // namespace nas
