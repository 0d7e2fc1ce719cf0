#include "nas/supernet/curvature.hpp"

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

using Tensors = std::vector<torch::Tensor>;

/// Length of the step in the alphas; these are of the order of 1e-3 to 1.
constexpr double kStep = 1e-3;

double norm_of(const Tensors& tensors) {
  return torch::stack(at::_foreach_norm(tensors)).norm().item<double>();
}

Tensors gradients_at(Supernet& supernet, const Batch& batch, const Tensors& values) {
  {
    const torch::NoGradGuard no_grad;
    for (size_t i = 0; i < values.size(); ++i) supernet.alphas()[i].detach().copy_(values[i]);
  }
  return first_order_gradient(supernet, batch).gradients;
}

double dot(const Tensors& a, const Tensors& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] * b[i]).sum().item<double>();
  return sum;
}

}  // namespace

Curvature dominant_curvature(Supernet& supernet, const Batch& validation, Tensors direction,
                             int64_t iterations) {
  Tensors origin;
  for (const torch::Tensor& alphas : supernet.alphas()) origin.push_back(alphas.detach().clone());
  supernet.set_draw(std::nullopt);
  Curvature curvature{0, std::move(direction)};
  for (int64_t i = 0; i < iterations; ++i) {
    const Tensors shift = at::_foreach_mul(curvature.direction, kStep);
    Tensors product = gradients_at(supernet, validation, at::_foreach_add(origin, shift));
    at::_foreach_sub_(product, gradients_at(supernet, validation, at::_foreach_sub(origin, shift)));
    at::_foreach_div_(product, 2 * kStep);
    curvature.eigenvalue = dot(curvature.direction, product);
    const double norm = norm_of(product);
    if (!(norm > 0)) break;  // flat, or not finite
    curvature.direction = at::_foreach_div(product, norm);
  }
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < origin.size(); ++i) supernet.alphas()[i].detach().copy_(origin[i]);
  return curvature;
}

}  // namespace nas
