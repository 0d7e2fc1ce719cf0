#include "nas/kernels/unit_packing.hpp"

#include "nas/kernels/tile_packing.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

}  // namespace

template <class T>
std::vector<T> pack_depthwise(const torch::Tensor& weight, int64_t padded_channels, bool flipped) {
  const torch::Tensor dense = weight.contiguous();
  const T* from = dense.const_data_ptr<T>();
  const int64_t taps = weight.size(2) * weight.size(3);
  std::vector<T> packed(at(taps * padded_channels));
  for (int64_t c = 0; c < weight.size(0); ++c) {
    for (int64_t tap = 0; tap < taps; ++tap) {
      const int64_t row = flipped ? taps - 1 - tap : tap;
      packed[at(row * padded_channels + c)] = from[c * taps + tap];
    }
  }
  return packed;
}

template <class T>
std::vector<T> pack_pointwise(const SeparableUnit& unit, const PointwiseSize& size,
                              bool transposed) {
  if (unit.over_all_channels()) {
    return pack_tiles<T>(unit.pointwise, {size.in, size.out}, transposed);
  }
  std::vector<T> packed(at(size.spread * size.out));
  const auto put = [&](const torch::Tensor& weight, int64_t first_in, int64_t first_out) {
    const torch::Tensor dense = weight.detach().contiguous();
    const T* from = dense.const_data_ptr<T>();
    for (int64_t o = 0; o < weight.size(0); ++o) {
      for (int64_t i = 0; i < weight.size(1); ++i) {
        const int64_t row = first_in + i;
        const int64_t column = first_out + o;
        packed[at(transposed ? column * size.spread + row : row * size.out + column)] =
            from[o * weight.size(1) + i];
      }
    }
  };
  put(unit.pointwise, 0, 0);
  if (unit.shifted.defined()) put(unit.shifted, size.in, unit.pointwise.size(0));
  return packed;
}

template <class T>
torch::Tensor unpack_depthwise(const std::vector<T>& packed, int64_t padded_channels,
                               const torch::Tensor& weight) {
  torch::Tensor gradient = torch::empty(weight.sizes(), weight.options());
  T* to = gradient.mutable_data_ptr<T>();
  const int64_t taps = weight.size(2) * weight.size(3);
  for (int64_t c = 0; c < weight.size(0); ++c) {
    for (int64_t tap = 0; tap < taps; ++tap) {
      to[c * taps + tap] = packed[at(tap * padded_channels + c)];
    }
  }
  return gradient;
}

template <class T>
std::pair<torch::Tensor, torch::Tensor> unpack_pointwise(const std::vector<T>& packed,
                                                         const SeparableUnit& unit,
                                                         const PointwiseSize& size) {
  if (unit.over_all_channels()) {
    return {unpack_tiles(packed, unit.pointwise, {size.in, size.out}), torch::Tensor()};
  }
  const auto take = [&](const torch::Tensor& weight, int64_t first_in, int64_t first_out) {
    torch::Tensor gradient = torch::empty(weight.sizes(), weight.options());
    T* to = gradient.mutable_data_ptr<T>();
    for (int64_t o = 0; o < weight.size(0); ++o) {
      for (int64_t i = 0; i < weight.size(1); ++i) {
        to[o * weight.size(1) + i] = packed[at((first_in + i) * size.out + first_out + o)];
      }
    }
    return gradient;
  };
  torch::Tensor shifted;
  if (unit.shifted.defined()) shifted = take(unit.shifted, size.in, unit.pointwise.size(0));
  return {take(unit.pointwise, 0, 0), shifted};
}

template std::vector<float> pack_depthwise(const torch::Tensor&, int64_t, bool);
template std::vector<double> pack_depthwise(const torch::Tensor&, int64_t, bool);
template std::vector<float> pack_pointwise(const SeparableUnit&, const PointwiseSize&, bool);
template std::vector<double> pack_pointwise(const SeparableUnit&, const PointwiseSize&, bool);
template torch::Tensor unpack_depthwise(const std::vector<float>&, int64_t, const torch::Tensor&);
template torch::Tensor unpack_depthwise(const std::vector<double>&, int64_t, const torch::Tensor&);
template std::pair<torch::Tensor, torch::Tensor> unpack_pointwise(const std::vector<float>&,
                                                                  const SeparableUnit&,
                                                                  const PointwiseSize&);
template std::pair<torch::Tensor, torch::Tensor> unpack_pointwise(const std::vector<double>&,
                                                                  const SeparableUnit&,
                                                                  const PointwiseSize&);

}  // namespace nas
