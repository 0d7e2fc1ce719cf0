#pragma once

#include <torch/types.h>

#include <cstdint>

namespace nas {

/// x [N, C, H, W] with its channels in `groups`: channel j of group i becomes channel i of group j.
/// By LibTorch, in x's memory format.
torch::Tensor channels_shuffled(const torch::Tensor& x, int64_t groups);

}  // namespace nas
