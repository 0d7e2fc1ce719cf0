#include <cuda_runtime.h>

#include "nas/data/augment_pixel.hpp"

namespace nas {
namespace {

constexpr int kThreads = 256;

/// Neighbouring threads take neighbouring pixels: their reads lie side by side, and their writes.
__global__ void augment_kernel(AugmentLaunch launch) {
  const int64_t pixels = launch.batch * launch.height * launch.width;
  const int64_t step = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = blockIdx.x * static_cast<int64_t>(blockDim.x) + threadIdx.x; i < pixels;
       i += step) {
    augment_pixel(launch, i);
  }
}

}  // namespace

int launch_augment(const AugmentLaunch& launch, void* stream) {
  const int64_t pixels = launch.batch * launch.height * launch.width;
  if (pixels == 0) return cudaSuccess;
  constexpr int64_t kMostBlocks = 1 << 16;
  const int64_t blocks = (pixels + kThreads - 1) / kThreads;
  const auto grid = static_cast<unsigned>(blocks < kMostBlocks ? blocks : kMostBlocks);
  augment_kernel<<<grid, kThreads, 0, static_cast<cudaStream_t>(stream)>>>(launch);
  return cudaGetLastError();
}

}  // namespace nas
