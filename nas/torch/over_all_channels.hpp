#pragma once

#include <torch/types.h>

namespace nas {

/// Whether 3x3 convolutions over all channels with stride 1 are joined with their ReLU and batch
/// norm, which takes kernels of our own.
enum class OverAllChannels { joined, apart };

/// What is faster for x [N, C, H, W]: apart on other devices than the CPU, and of few samples,
/// where less is won than it takes to transform the weights.
OverAllChannels over_all_channels_for(const torch::Tensor& x);

}  // namespace nas
