#include <cuda_runtime.h>

#include "nas/kernels/grid_depthwise.hpp"
#include "nas/kernels/grid_launch.hpp"
#include "nas/kernels/grid_pool.hpp"
#include "nas/kernels/grid_sum.hpp"

namespace nas {
namespace {

constexpr int kThreads = 128;

template <class Kernel>
__global__ void __launch_bounds__(kThreads) run_indices(const Kernel kernel, int64_t count) {
  const int64_t step = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = blockIdx.x * static_cast<int64_t>(blockDim.x) + threadIdx.x; i < count;
       i += step) {
    kernel(i);
  }
}

}  // namespace

template <class Kernel>
int launch_grid(const Kernel& kernel, void* stream) {
  const int64_t count = kernel.count();
  if (count == 0) return cudaSuccess;
  constexpr int64_t kMostBlocks = int64_t{1} << 30;
  const int64_t blocks = (count + kThreads - 1) / kThreads;
  const auto grid = static_cast<unsigned>(blocks < kMostBlocks ? blocks : kMostBlocks);
  run_indices<<<grid, kThreads, 0, static_cast<cudaStream_t>(stream)>>>(kernel, count);
  return cudaGetLastError();
}

#define NAS_DEPTHWISE(T, K)                                                    \
  template int launch_grid(const DepthwiseForward<T, K>&, void* stream);       \
  template int launch_grid(const DepthwiseInputGradient<T, K>&, void* stream); \
  template int launch_grid(const DepthwiseWeightGradient<T, K>&, void* stream);
#define NAS_ELEMENTS(T)                                               \
  NAS_DEPTHWISE(T, 3)                                                 \
  NAS_DEPTHWISE(T, 5)                                                 \
  template int launch_grid(const GridPoolForward<T>&, void* stream);  \
  template int launch_grid(const GridPoolBackward<T>&, void* stream); \
  template int launch_grid(const TermSums<T>&, void* stream);         \
  template int launch_grid(const GradientSums<T>&, void* stream);     \
  template int launch_grid(const MappedSum<T>&, void* stream);        \
  template int launch_grid(const TermGradients<T>&, void* stream);
#define NAS_SUMS(W)                                           \
  template int launch_grid(const RowSums<W>&, void* stream);  \
  template int launch_grid(const TermMaps<W>&, void* stream); \
  template int launch_grid(const GradientMaps<W>&, void* stream);

NAS_ELEMENTS(float)
NAS_ELEMENTS(double)
NAS_ELEMENTS(BFloat16)
NAS_SUMS(float)
NAS_SUMS(double)

}  // namespace nas
