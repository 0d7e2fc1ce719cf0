#include "nas/evaluate/zero_cost/zen.hpp"

#include <cmath>
#include <variant>

#include "nas/core/random.hpp"
#include "nas/evaluate/zero_cost/plan_parts.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr double kNoise = 0.01;

void draw_weights(Network& network, const at::Generator& generator) {
  for (torch::Tensor& parameter : network.parameters()) {
    if (parameter.dim() < 2) continue;
    parameter.copy_(torch::empty(parameter.sizes()).normal_(0, 1, generator));
  }
}

}  // namespace

double zen(const ProxySubject& subject, int64_t batch_size) {
  const torch::NoGradGuard no_grad;
  const NetworkPlan plan = feature_extractor(subject.plan);
  const auto network = build_network(plan, subject.seed, subject.device);
  const at::Generator generator =
      at::detail::createCPUGenerator(derive_seed(subject.seed, "zero_cost.zen", 0));
  draw_weights(*network, generator);
  const Shape& input = subject.input;
  const auto draw_images = [&] {
    return torch::empty({batch_size, input.channels, input.height, input.width})
        .normal_(0, 1, generator)
        .to(subject.device);
  };
  const torch::Tensor images = draw_images();
  const torch::Tensor noise = draw_images();
  double scales = 0;
  const auto observe = [&](int64_t node, std::span<const torch::Tensor> inputs,
                           const torch::Tensor&) {
    if (!std::holds_alternative<BatchNorm>(plan.nodes[static_cast<size_t>(node)].layer)) return;
    const double variance =
        inputs[0].transpose(0, 1).flatten(1).var(1, /*unbiased=*/false).mean().item<double>();
    if (variance > 0) scales += 0.5 * std::log(variance);
  };
  network->train();
  const torch::Tensor features = network->forward(images, observe).front();
  const torch::Tensor moved = network->forward(images + kNoise * noise).front();
  const torch::Tensor change = (features - moved).abs().flatten(1).sum(1, false, torch::kDouble);
  return std::log(change.mean().item<double>()) + scales;
}

}  // namespace nas
