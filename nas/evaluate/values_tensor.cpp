#include "nas/evaluate/values_tensor.hpp"

#include <algorithm>

#include "nas/torch/torch.hpp"

namespace nas {

torch::Tensor tensor_of(const std::vector<float>& values, const std::vector<int64_t>& shape) {
  torch::Tensor tensor = torch::empty(shape);
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<float>());
  return tensor;
}

NamedTensors tensors_of(const Weights& weights) {
  NamedTensors tensors;
  for (const auto& [name, weight] : weights) {
    tensors.emplace_back(name, tensor_of(weight.values, weight.shape));
  }
  return tensors;
}

torch::Tensor samples_of(const std::vector<float>& values, const Shape& input) {
  const int64_t numbers = input.channels * input.height * input.width;
  const auto count = static_cast<int64_t>(values.size()) / numbers;
  return tensor_of(values, {count, input.channels, input.height, input.width});
}

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.contiguous();
  const float* values = plain.const_data_ptr<float>();
  return {values, values + plain.numel()};
}

}  // namespace nas
