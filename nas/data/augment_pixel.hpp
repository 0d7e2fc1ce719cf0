#pragma once

#include "nas/core/host_device.hpp"
#include "nas/data/augment_cuda.hpp"

/// \file
/// What the CUDA kernel does for one pixel; plain C++, so that a machine without a GPU can check
/// it.

namespace nas {

NAS_HOST_DEVICE inline bool inside_square(int32_t position, int32_t center, int32_t side) {
  return position >= center - side / 2 && position < center - side / 2 + side;
}

/// Writes all channels of pixel `i` of the output, counted over [B, H, W].
NAS_HOST_DEVICE inline void augment_pixel(const AugmentLaunch& a, int64_t i) {
  const auto x = static_cast<int32_t>(i % a.width);
  const auto y = static_cast<int32_t>(i / a.width % a.height);
  const int64_t sample = i / a.width / a.height;
  const AugmentDraw draw = a.draws[sample];
  const int32_t from_y = y + draw.crop_y - a.padding;
  const int32_t from_x = (draw.flip != 0 ? a.width - 1 - x : x) + draw.crop_x - a.padding;
  const bool inside = from_y >= 0 && from_y < a.height && from_x >= 0 && from_x < a.width;
  const bool cut = a.cutout > 0 && inside_square(y, draw.cutout_y, a.cutout) &&
                   inside_square(x, draw.cutout_x, a.cutout);
  const int64_t area = static_cast<int64_t>(a.height) * a.width;
  const uint8_t* image = a.images + a.indices[sample] * a.channels * area;
  const int64_t place = static_cast<int64_t>(from_y) * a.width + from_x;
  for (int32_t c = 0; c < a.channels; ++c) {
    const float value = inside ? static_cast<float>(image[c * area + place]) : 0.0f;
    a.out[i * a.channels + c] = cut ? 0.0f : (value / 255.0f - a.mean[c]) / a.deviation[c];
  }
}

}  // namespace nas
