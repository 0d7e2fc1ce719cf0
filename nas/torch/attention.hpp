#pragma once

#include <torch/types.h>

#include "nas/plan/layer.hpp"

namespace nas {

/// What Attention says: x [N, 3 C, H, W] -> [N, C, H, W]. Written out in products whose gradients
/// are the same bits every time and can be differentiated again.
torch::Tensor attention(const torch::Tensor& x, const Attention& layer);

}  // namespace nas
