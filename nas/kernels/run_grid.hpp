#pragma once

#include <ATen/Parallel.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "nas/kernels/bfloat16.hpp"
#include "nas/kernels/grid_image.hpp"
#ifdef NAS_WITH_CUDA
#include "nas/kernels/grid_launch.hpp"
#endif

namespace nas {

/// The stream on which LibTorch now runs work of a CUDA device, which becomes the current one.
class GridStream {
 public:
  explicit GridStream(torch::Device device) : guard_(device) {}
  /// A cudaStream_t.
  void* get() const;
  /// Throws RunError where `status` (a cudaError_t) is no success.
  static void check(int status);

 private:
  c10::DeviceGuard guard_;
};

/// Runs a grid's kernel: on a CUDA device as one launch that nobody waits for, on the CPU as a
/// loop.
template <class Kernel>
void run_grid(const Kernel& kernel, torch::Device device) {
#ifdef NAS_WITH_CUDA
  if (device.is_cuda()) {
    const GridStream stream(device);
    GridStream::check(launch_grid(kernel, stream.get()));
    return;
  }
#endif
  TORCH_CHECK(device.is_cpu(), "grids do not run on ", device);
  constexpr int64_t kGrain = 256;
  at::parallel_for(0, kernel.count(), kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) kernel(i);
  });
}

/// A tensor [N, C, H, W] that is contiguous as `format` says.
GridImage grid_image(const torch::Tensor& tensor, torch::MemoryFormat format);

/// Calls `use` with a value of the element's type: float, double or BFloat16.
template <class Use>
decltype(auto) with_grid_type(torch::ScalarType type, const Use& use) {
  if (type == torch::kFloat) return use(float());
  if (type == torch::kDouble) return use(double());
  TORCH_CHECK(type == torch::kBFloat16, "grids have no kernels for ", type);
  return use(BFloat16());
}

/// The type of the weights and sums that belong to elements of `type`.
torch::ScalarType wide_type(torch::ScalarType type);

/// Parts that sums over the pixels of an image are taken in; the same whatever the device.
int64_t chunks_of(const GridImage& image, int64_t sums_a_channel);

/// [rows, ...] -> [...], rows added up in a fixed order.
torch::Tensor sum_of_rows(torch::Tensor parts);

template <class T>
const T* grid_data(const torch::Tensor& tensor) {
  return static_cast<const T*>(tensor.const_data_ptr());
}
template <class T>
T* mutable_grid_data(const torch::Tensor& tensor) {
  return static_cast<T*>(tensor.mutable_data_ptr());
}

}  // namespace nas
