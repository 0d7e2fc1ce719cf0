#pragma once

#include <torch/types.h>

#include <vector>

namespace nas {

/// Channels, padded.
struct TileWeightSize {
  int64_t in = 0;
  int64_t out = 0;
};

/// Weights w [out, in, 3, 3] of a convolution as cpu_tiles.hpp reads them: G w G' as
/// [16][in][out], which gives results from inputs; or `reversed`, with the kernel turned by half a
/// circle, as [16][out][in], which gives gradients of inputs from those of results.
template <class T>
std::vector<T> pack_tiles(const torch::Tensor& weight, const TileWeightSize& size, bool reversed);

/// The gradient of w from that of G w G' [16][in][out].
template <class T>
torch::Tensor unpack_tiles(const std::vector<T>& packed, const torch::Tensor& weight,
                           const TileWeightSize& size);

}  // namespace nas
