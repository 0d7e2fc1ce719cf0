#include "nas/kernels/unit_packing.hpp"

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
std::vector<T> pack_pointwise(const torch::Tensor& weight, int64_t padded_in, int64_t padded_out,
                              bool transposed) {
  const torch::Tensor dense = weight.contiguous();
  const T* from = dense.const_data_ptr<T>();
  std::vector<T> packed(at(padded_in * padded_out));
  for (int64_t o = 0; o < weight.size(0); ++o) {
    for (int64_t i = 0; i < weight.size(1); ++i) {
      const int64_t index = transposed ? o * padded_in + i : i * padded_out + o;
      packed[at(index)] = from[o * weight.size(1) + i];
    }
  }
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
torch::Tensor unpack_pointwise(const std::vector<T>& packed, int64_t padded_out,
                               const torch::Tensor& weight) {
  torch::Tensor gradient = torch::empty(weight.sizes(), weight.options());
  T* to = gradient.mutable_data_ptr<T>();
  for (int64_t o = 0; o < weight.size(0); ++o) {
    for (int64_t i = 0; i < weight.size(1); ++i) {
      to[o * weight.size(1) + i] = packed[at(i * padded_out + o)];
    }
  }
  return gradient;
}

template std::vector<float> pack_depthwise(const torch::Tensor&, int64_t, bool);
template std::vector<double> pack_depthwise(const torch::Tensor&, int64_t, bool);
template std::vector<float> pack_pointwise(const torch::Tensor&, int64_t, int64_t, bool);
template std::vector<double> pack_pointwise(const torch::Tensor&, int64_t, int64_t, bool);
template torch::Tensor unpack_depthwise(const std::vector<float>&, int64_t, const torch::Tensor&);
template torch::Tensor unpack_depthwise(const std::vector<double>&, int64_t, const torch::Tensor&);
template torch::Tensor unpack_pointwise(const std::vector<float>&, int64_t, const torch::Tensor&);
template torch::Tensor unpack_pointwise(const std::vector<double>&, int64_t, const torch::Tensor&);

}  // namespace nas
