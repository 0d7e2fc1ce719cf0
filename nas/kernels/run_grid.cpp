#include "nas/kernels/run_grid.hpp"

#include <algorithm>
#include <string>

#include "nas/core/error.hpp"
#include "nas/kernels/grid_sum.hpp"
#include "nas/torch/torch.hpp"
#ifdef NAS_WITH_CUDA
#include <c10/cuda/CUDAStream.h>
#endif

namespace nas {

#ifdef NAS_WITH_CUDA
void* GridStream::get() const {
  return c10::cuda::getCurrentCUDAStream(guard_.current_device().index()).stream();
}

void GridStream::check(int status) {
  if (status != 0) throw RunError("kernel of a grid: CUDA error " + std::to_string(status));
}
#endif

GridImage grid_image(const torch::Tensor& tensor, torch::MemoryFormat format) {
  return {tensor.size(0), tensor.size(1), static_cast<int32_t>(tensor.size(2)),
          static_cast<int32_t>(tensor.size(3)), format == torch::MemoryFormat::ChannelsLast};
}

torch::ScalarType wide_type(torch::ScalarType type) {
  return type == torch::kDouble ? torch::kDouble : torch::kFloat;
}

/// Enough of them to fill a large GPU, of no fewer than eight pixels each.
int64_t chunks_of(const GridImage& image, int64_t sums_a_channel) {
  constexpr int64_t kIndices = int64_t{1} << 17;
  constexpr int64_t kFewestPixels = 8;
  const int64_t wanted = kIndices / std::max<int64_t>(image.channels * sums_a_channel, 1);
  return std::clamp<int64_t>(std::min(wanted, image.pixels() / kFewestPixels), 1, 1024);
}

torch::Tensor sum_of_rows(torch::Tensor parts) {
  while (parts.size(0) > 1) {
    std::vector<int64_t> shape = parts.sizes().vec();
    shape[0] = (shape[0] + kRowsAtOnce - 1) / kRowsAtOnce;
    const torch::Tensor sums = torch::empty(shape, parts.options());
    with_grid_type(parts.scalar_type(), [&]<class T>(T) {
      using W = Wide<T>;
      run_grid(RowSums<W>{parts.size(0), parts.numel() / parts.size(0), grid_data<W>(parts),
                          mutable_grid_data<W>(sums)},
               parts.device());
    });
    parts = sums;
  }
  return parts.squeeze(0);
}

}  // namespace nas
