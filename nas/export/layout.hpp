#pragma once

#include <vector>

#include "nas/export/trained_network.hpp"

namespace nas {

/// Weights in the order in which channels-last kernels read them.

/// Every channel is a group of its own, and gives one channel.
bool is_depthwise(const Convolution& layer);

/// [N, C, H, W] -> [N, H, W, C]
std::vector<float> channels_last(const Tensor& tensor);
/// [C, 1, H, W] -> [H, W, C]
std::vector<float> taps_then_channels(const Tensor& tensor);
/// [N, C * H * W] -> [N, H * W * C] for a linear layer that reads a map of `shape`.
std::vector<float> columns_channels_last(const Tensor& tensor, const Shape& shape);

}  // namespace nas
