#pragma once

#include <cstdint>

namespace nas {

/// What comes before a pointwise convolution.
enum class Spread {
  depthwise,  // a convolution of each channel
  none,
  tiles,      // nothing: both are one 3x3 convolution over all channels, in tiles of 4x4 pixels
  diagonals,  // every second pixel, followed by its neighbour below on the right (factorized
              // reduction)
};

/// A depthwise convolution that keeps height and width up to its stride, and the pointwise one
/// after it: [N, in_channels, height, width] -> [N, out_channels, out_height, out_width].
struct SeparableShape {
  int64_t height = 0;
  int64_t width = 0;
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  int64_t kernel = 3;    // 3 or 5; 1 where there is no depthwise convolution
  int64_t stride = 1;    // 1 or 2; 2 for diagonals
  int64_t dilation = 1;  // 1 or 2
  Spread spread = Spread::depthwise;

  /// Of each channel of a tile with its weights.
  static constexpr int64_t kTileProducts = 16;

  int64_t padding() const { return dilation * (kernel - 1) / 2; }
  /// Zeros around the input that are read.
  int64_t frame() const {
    if (spread == Spread::diagonals) return 1;
    const bool cut = spread == Spread::tiles && (height % 2 != 0 || width % 2 != 0);
    return padding() + (cut ? 1 : 0);
  }
  /// What enters the pointwise convolution of an input of `in` channels, padded or not.
  int64_t spread_channels(int64_t in) const {
    if (spread == Spread::tiles) return kTileProducts * in;
    return spread == Spread::diagonals ? 2 * in : in;
  }
  int64_t out_height() const { return (height - 1) / stride + 1; }
  int64_t out_width() const { return (width - 1) / stride + 1; }
};

}  // namespace nas
