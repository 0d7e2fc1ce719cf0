#include "nas/evaluate/network_outputs.hpp"

#include "nas/evaluate/values_tensor.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

std::vector<float> network_outputs(const NetworkPlan& plan, const Weights& weights,
                                   const Shape& input, const std::vector<float>& samples) {
  const torch::NoGradGuard no_grad;
  const auto network = build_network(plan, 0, torch::Device(torch::kCPU));
  NamedTensors state;
  for (const auto& [name, weight] : weights) {
    state.emplace_back(name, tensor_of(weight.values, weight.shape));
  }
  load_state(*network, state);
  network->eval();
  return values_of(network->forward(samples_of(samples, input)).front());
}

}  // namespace nas
