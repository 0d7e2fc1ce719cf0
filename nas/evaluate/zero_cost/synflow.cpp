#include "nas/evaluate/zero_cost/synflow.hpp"

#include "nas/evaluate/zero_cost/plan_parts.hpp"
#include "nas/evaluate/zero_cost/probe.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

double synflow(const ProxySubject& subject) {
  const NetworkPlan plan = without_batch_norm(subject.plan);
  const auto network = build_network(plan, subject.seed, subject.device);
  network->to(torch::kDouble);
  std::vector<torch::Tensor> weights;
  for (const torch::Tensor& weight : layer_weights(plan, *network)) {
    if (weight.defined()) weights.push_back(weight);
  }
  {
    const torch::NoGradGuard no_grad;
    for (torch::Tensor& parameter : network->parameters()) parameter.abs_();
  }
  const Shape& input = subject.input;
  const torch::Tensor ones = torch::ones({1, input.channels, input.height, input.width},
                                         torch::dtype(torch::kDouble).device(subject.device));
  network->eval();
  const torch::Tensor flow = network->forward(ones).front().sum();
  const auto gradients = torch::autograd::grad({flow}, weights, {}, /*retain_graph=*/false,
                                               /*create_graph=*/false, /*allow_unused=*/true);
  double sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!gradients[i].defined()) continue;
    sum += (weights[i].detach() * gradients[i]).abs().sum().item<double>();
  }
  return sum;
}

}  // namespace nas
