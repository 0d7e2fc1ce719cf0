#include "nas/evaluate/zero_cost/saliency.hpp"

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

double total(const torch::Tensor& values) { return values.sum(torch::kDouble).item<double>(); }

/// Hessian * gradient, by weight; undefined where it is zero.
std::vector<torch::Tensor> hessian_times_gradient(const Probe& probe) {
  torch::Tensor product = torch::zeros({}, probe.logits.options());
  for (const torch::Tensor& gradient : probe.weight_gradients) {
    product = product + (gradient.detach() * gradient).sum();
  }
  if (!product.requires_grad()) return std::vector<torch::Tensor>(probe.weights.size());
  return torch::autograd::grad({product}, probe.weights, {}, /*retain_graph=*/true,
                               /*create_graph=*/false, /*allow_unused=*/true);
}

}  // namespace

double grad_norm(const Probe& probe) {
  double sum = 0;
  for (const torch::Tensor& gradient : probe.weight_gradients) {
    sum += gradient.detach().norm().item<double>();
  }
  return sum;
}

double snip(const Probe& probe) {
  double sum = 0;
  for (size_t i = 0; i < probe.weights.size(); ++i) {
    sum += total((probe.weights[i].detach() * probe.weight_gradients[i].detach()).abs());
  }
  return sum;
}

double grasp(const Probe& probe) {
  const auto products = hessian_times_gradient(probe);
  double sum = 0;
  for (size_t i = 0; i < products.size(); ++i) {
    if (products[i].defined()) sum -= total(probe.weights[i].detach() * products[i]);
  }
  return sum;
}

double fisher(const Probe& probe) {
  double sum = 0;
  for (size_t i = 0; i < probe.outputs.size(); ++i) {
    torch::Tensor part = probe.outputs[i].detach() * probe.output_gradients[i].detach();
    if (part.dim() > 2) part = part.flatten(2).sum(2);
    const torch::Tensor channels = part.pow(2).mean(0) * 0.5;
    const int64_t weights_per_channel = probe.weights[i].numel() / channels.numel();
    sum += total(channels) * static_cast<double>(weights_per_channel);
  }
  return sum;
}

}  // namespace nas
