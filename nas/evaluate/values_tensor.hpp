#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "nas/export/trained_network.hpp"
#include "nas/plan/network.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// A float32 tensor on the CPU that holds a copy of these numbers, in row-major order.
torch::Tensor tensor_of(const std::vector<float>& values, const std::vector<int64_t>& shape);

/// Each weight so, by its name.
NamedTensors tensors_of(const Weights& weights);

/// [samples, C, H, W] for samples of shape `input`.
torch::Tensor samples_of(const std::vector<float>& values, const Shape& input);

/// The numbers of a float32 tensor on the CPU, in row-major order.
std::vector<float> values_of(const torch::Tensor& tensor);

}  // namespace nas
