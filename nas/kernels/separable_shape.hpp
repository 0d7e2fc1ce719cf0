#pragma once

#include <cstdint>

namespace nas {

/// A depthwise convolution that keeps height and width up to its stride, and the pointwise one
/// after it: [N, in_channels, height, width] -> [N, out_channels, out_height, out_width].
struct SeparableShape {
  int64_t height = 0;
  int64_t width = 0;
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  int64_t kernel = 3;    // 3 or 5
  int64_t stride = 1;    // 1 or 2
  int64_t dilation = 1;  // 1 or 2

  int64_t padding() const { return dilation * (kernel - 1) / 2; }
  int64_t out_height() const { return (height - 1) / stride + 1; }
  int64_t out_width() const { return (width - 1) / stride + 1; }
};

}  // namespace nas
