#pragma once

#include <cstdint>

namespace nas {

/// What happens to one example. Crop first, then flip, then cutout.
struct AugmentDraw {
  int32_t crop_y = 0;  // 0 .. 2 * padding
  int32_t crop_x = 0;
  int32_t flip = 0;      // 0 or 1
  int32_t cutout_y = 0;  // centre of the square
  int32_t cutout_x = 0;
};

/// Everything in the device's memory.
struct AugmentLaunch {
  const uint8_t* images = nullptr;     // [N, C, H, W]
  const int64_t* indices = nullptr;    // [B]
  const AugmentDraw* draws = nullptr;  // [B]
  const float* mean = nullptr;         // [C], of pixels scaled to 0..1
  const float* deviation = nullptr;    // [C]
  float* out = nullptr;                // [B, H, W, C]
  int64_t batch = 0;
  int32_t channels = 0;
  int32_t height = 0;
  int32_t width = 0;
  int32_t padding = 0;
  int32_t cutout = 0;
};

/// One kernel for gather, crop, flip, scaling, normalisation and cutout, on `stream` (a
/// cudaStream_t). Returns a cudaError_t. Only in programs compiled with CUDA.
int launch_augment(const AugmentLaunch& launch, void* stream);

}  // namespace nas
