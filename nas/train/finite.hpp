#pragma once

#include <torch/types.h>

#include <vector>

namespace nas {

/// Whether all numbers are finite; waits for the device.
bool all_finite(const std::vector<torch::Tensor>& tensors);

}  // namespace nas
