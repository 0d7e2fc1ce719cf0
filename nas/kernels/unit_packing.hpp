#pragma once

#include <torch/types.h>

#include <utility>
#include <vector>

#include "nas/kernels/branch_sum.hpp"

namespace nas {

/// Weights of a depthwise convolution [channels, 1, K, K] as the kernels read them: [K * K][padded
/// channels]; `flipped` in reverse order of the taps.
template <class T>
std::vector<T> pack_depthwise(const torch::Tensor& weight, int64_t padded_channels, bool flipped);

/// Channels, padded: of the input, of what enters the pointwise convolution, and of the result.
struct PointwiseSize {
  int64_t in = 0;
  int64_t spread = 0;
  int64_t out = 0;
};

/// Pointwise weights as [spread][out], `transposed` as [out][spread]. Those of a factorized
/// reduction's second convolution start at row `in`, column pointwise.size(0); those over all
/// channels are pack_tiles()', `transposed` reversed.
template <class T>
std::vector<T> pack_pointwise(const SeparableUnit& unit, const PointwiseSize& size,
                              bool transposed);

/// The reverse, for gradients: tensors shaped as the weights; of pointwise and shifted, which is
/// undefined where the unit has none.
template <class T>
torch::Tensor unpack_depthwise(const std::vector<T>& packed, int64_t padded_channels,
                               const torch::Tensor& weight);
template <class T>
std::pair<torch::Tensor, torch::Tensor> unpack_pointwise(const std::vector<T>& packed,
                                                         const SeparableUnit& unit,
                                                         const PointwiseSize& size);

}  // namespace nas
