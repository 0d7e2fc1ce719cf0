#include "nas/evaluate/zero_cost/probe.hpp"

#include <variant>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

void differentiate(Probe& probe, const torch::Tensor& labels, bool again) {
  const torch::Tensor loss = torch::cross_entropy_loss(probe.logits, labels);
  std::vector<torch::Tensor> inputs = probe.weights;
  inputs.insert(inputs.end(), probe.outputs.begin(), probe.outputs.end());
  auto gradients = torch::autograd::grad({loss}, inputs, {}, /*retain_graph=*/true,
                                         /*create_graph=*/again, /*allow_unused=*/true);
  for (size_t i = 0; i < gradients.size(); ++i) {
    if (!gradients[i].defined()) gradients[i] = torch::zeros_like(inputs[i]);
  }
  const auto middle = gradients.begin() + static_cast<int64_t>(probe.weights.size());
  probe.weight_gradients.assign(gradients.begin(), middle);
  probe.output_gradients.assign(middle, gradients.end());
}

}  // namespace

std::vector<torch::Tensor> layer_weights(const NetworkPlan& plan, const Network& network) {
  const auto parameters = network.named_parameters();
  std::vector<torch::Tensor> weights;
  for (const Node& node : plan.nodes) {
    const bool counts = std::holds_alternative<Convolution>(node.layer) ||
                        std::holds_alternative<Linear>(node.layer);
    weights.push_back(counts ? parameters[node.name + ".weight"] : torch::Tensor());
  }
  return weights;
}

Probe run_probe(const NetworkPlan& plan, Network& network, const Minibatch& batch,
                Differentiation differentiation) {
  Probe probe;
  probe.images = batch.images.detach().clone().requires_grad_();
  const auto weights = layer_weights(plan, network);
  network.train();
  const auto observe = [&](int64_t node, std::span<const torch::Tensor>,
                           const torch::Tensor& output) {
    const auto index = static_cast<size_t>(node);
    if (std::holds_alternative<Relu>(plan.nodes[index].layer)) probe.activations.push_back(output);
    if (!weights[index].defined()) return;
    probe.weights.push_back(weights[index]);
    probe.outputs.push_back(output);
  };
  probe.logits = network.forward(probe.images, observe).front();
  if (differentiation != Differentiation::none) {
    differentiate(probe, batch.labels, differentiation == Differentiation::twice);
  }
  return probe;
}

}  // namespace nas
