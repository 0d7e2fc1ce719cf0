#pragma once

#include <torch/types.h>

#include <vector>

namespace nas {

/// Weights of a depthwise convolution [channels, 1, K, K] as the kernels read them: [K * K][padded
/// channels]; `flipped` in reverse order of the taps.
template <class T>
std::vector<T> pack_depthwise(const torch::Tensor& weight, int64_t padded_channels, bool flipped);

/// Weights of a pointwise convolution [out, in, 1, 1] as [padded in][padded out], `transposed` as
/// [padded out][padded in].
template <class T>
std::vector<T> pack_pointwise(const torch::Tensor& weight, int64_t padded_in, int64_t padded_out,
                              bool transposed);

/// The reverse, for gradients: tensors shaped as `weight`.
template <class T>
torch::Tensor unpack_depthwise(const std::vector<T>& packed, int64_t padded_channels,
                               const torch::Tensor& weight);
template <class T>
torch::Tensor unpack_pointwise(const std::vector<T>& packed, int64_t padded_out,
                               const torch::Tensor& weight);

}  // namespace nas
