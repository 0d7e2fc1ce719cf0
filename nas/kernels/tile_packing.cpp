#include "nas/kernels/tile_packing.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

constexpr int64_t kKernel = 3;
constexpr int64_t kTile = 4;

/// G x for Lavin and Gray's G of F(2x2, 3x3), of columns x `step` elements apart.
void times_g(const double* x, int64_t step, double* to, int64_t to_step) {
  const double outer = x[0] + x[2 * step];
  to[0] = x[0];
  to[to_step] = 0.5 * (outer + x[step]);
  to[2 * to_step] = 0.5 * (outer - x[step]);
  to[3 * to_step] = x[2 * step];
}

/// G' x, the same way.
void times_g_transposed(const double* x, int64_t step, double* to, int64_t to_step) {
  const double sum = 0.5 * (x[step] + x[2 * step]);
  to[0] = x[0] + sum;
  to[to_step] = 0.5 * (x[step] - x[2 * step]);
  to[2 * to_step] = x[3 * step] + sum;
}

/// At least so many pairs of channels for one more thread.
constexpr int64_t kGrain = 256;

}  // namespace

template <class T>
std::vector<T> pack_tiles(const torch::Tensor& weight, const TileWeightSize& size, bool reversed) {
  const torch::Tensor plain = weight.detach();
  const torch::Tensor dense = (reversed ? plain.flip({2, 3}) : plain).contiguous();
  const T* from = dense.const_data_ptr<T>();
  std::vector<T> packed(at(kTile * kTile * size.in * size.out));
  const int64_t inputs = weight.size(1);
  at::parallel_for(0, weight.size(0) * inputs, kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t pair = begin; pair < end; ++pair) {
      const int64_t o = pair / inputs;
      const int64_t i = pair % inputs;
      double w[kKernel * kKernel], rows[kTile * kKernel], tile[kTile * kTile];
      std::copy_n(from + pair * kKernel * kKernel, kKernel * kKernel, w);
      for (int64_t x = 0; x < kKernel; ++x) times_g(w + x, kKernel, rows + x, kKernel);
      for (int64_t y = 0; y < kTile; ++y) times_g(rows + y * kKernel, 1, tile + y * kTile, 1);
      T* to = packed.data() + (reversed ? o * size.in + i : i * size.out + o);
      for (int64_t p = 0; p < kTile * kTile; ++p) {
        to[p * size.in * size.out] = static_cast<T>(tile[p]);
      }
    }
  });
  return packed;
}

template <class T>
torch::Tensor unpack_tiles(const std::vector<T>& packed, const torch::Tensor& weight,
                           const TileWeightSize& size) {
  torch::Tensor gradient =
      torch::empty(weight.sizes(), weight.options(), torch::MemoryFormat::Contiguous);
  T* to = gradient.mutable_data_ptr<T>();
  const int64_t inputs = weight.size(1);
  at::parallel_for(0, weight.size(0) * inputs, kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t pair = begin; pair < end; ++pair) {
      const T* from = packed.data() + pair % inputs * size.out + pair / inputs;
      double tile[kTile * kTile], rows[kKernel * kTile], w[kKernel * kKernel];
      for (int64_t p = 0; p < kTile * kTile; ++p) {
        tile[p] = static_cast<double>(from[p * size.in * size.out]);
      }
      for (int64_t x = 0; x < kTile; ++x) times_g_transposed(tile + x, kTile, rows + x, kTile);
      for (int64_t y = 0; y < kKernel; ++y) {
        times_g_transposed(rows + y * kTile, 1, w + y * kKernel, 1);
      }
      std::copy_n(w, kKernel * kKernel, to + pair * kKernel * kKernel);
    }
  });
  return gradient;
}

template std::vector<float> pack_tiles(const torch::Tensor&, const TileWeightSize&, bool);
template std::vector<double> pack_tiles(const torch::Tensor&, const TileWeightSize&, bool);
template torch::Tensor unpack_tiles(const std::vector<float>&, const torch::Tensor&,
                                    const TileWeightSize&);
template torch::Tensor unpack_tiles(const std::vector<double>&, const torch::Tensor&,
                                    const TileWeightSize&);

}  // namespace nas
