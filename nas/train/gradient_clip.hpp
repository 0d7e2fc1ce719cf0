#pragma once

#include <torch/types.h>

#include <vector>

namespace nas {

/// Scales the gradients of `parameters` so that the norm of all together is at most `largest`; 0:
/// no clipping. Nothing is read back from the device.
void clip_gradients(const std::vector<torch::Tensor>& parameters, double largest);

}  // namespace nas
