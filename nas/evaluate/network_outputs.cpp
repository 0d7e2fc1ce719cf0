#include "nas/evaluate/network_outputs.hpp"

#include "nas/evaluate/values_tensor.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

namespace {

constexpr int64_t kBatch = 64;

std::shared_ptr<Network> network_of(const NetworkPlan& plan, const Weights& weights) {
  const auto network = build_network(plan, 0, torch::Device(torch::kCPU));
  load_state(*network, tensors_of(weights));
  network->eval();
  return network;
}

}  // namespace

std::vector<float> network_outputs(const NetworkPlan& plan, const Weights& weights,
                                   const Shape& input, const std::vector<float>& samples) {
  const torch::NoGradGuard no_grad;
  const auto network = network_of(plan, weights);
  std::vector<float> outputs;
  for (const torch::Tensor& batch : samples_of(samples, input).split(kBatch)) {
    const auto values = values_of(network->forward(batch).front());
    outputs.insert(outputs.end(), values.begin(), values.end());
  }
  return outputs;
}

void observe_values(const NetworkPlan& plan, const Weights& weights, const Shape& input,
                    const std::vector<float>& samples, const ValueListener& listener) {
  const torch::NoGradGuard no_grad;
  const auto network = network_of(plan, weights);
  for (const torch::Tensor& batch : samples_of(samples, input).split(kBatch)) {
    listener(0, values_of(batch));
    network->forward(
        batch, [&](int64_t node, std::span<const torch::Tensor>, const torch::Tensor& output) {
          listener(static_cast<size_t>(node), values_of(output));
        });
  }
}

}  // namespace nas
