#include "nas/evaluate/network_outputs.hpp"

#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

torch::Tensor tensor_of(const std::vector<float>& values, const std::vector<int64_t>& shape) {
  torch::Tensor tensor = torch::empty(shape);
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<float>());
  return tensor;
}

}  // namespace

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
  const int64_t numbers = input.channels * input.height * input.width;
  const auto count = static_cast<int64_t>(samples.size()) / numbers;
  const torch::Tensor outputs =
      network->forward(tensor_of(samples, {count, input.channels, input.height, input.width}))
          .front()
          .contiguous();
  const float* values = outputs.const_data_ptr<float>();
  return {values, values + outputs.numel()};
}

}  // namespace nas
