#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nas/kernels/cpu_kernels.hpp"

namespace nas {

/// Some channels of images [N, all channels, H, W], channels last.
struct ImageView {
  torch::Tensor all;
  int64_t first = 0;
  int64_t channels = 0;

  int64_t pixels() const { return all.size(2) * all.size(3); }
};

inline ImageView all_channels(const torch::Tensor& images) { return {images, 0, images.size(1)}; }

/// Sample `n` of images, channels last; by reference, as several threads ask for it at once.
template <class T>
Pixels<const T> sample(const torch::Tensor& images, int64_t n) {
  return {images.const_data_ptr<T>() + n * images.stride(0), images.size(1)};
}
template <class T>
Pixels<T> mutable_sample(const torch::Tensor& images, int64_t n) {
  return {images.mutable_data_ptr<T>() + n * images.stride(0), images.size(1)};
}
template <class T>
Pixels<const T> sample(const ImageView& view, int64_t n) {
  const Pixels<const T> all = sample<T>(view.all, n);
  return {all.at + view.first, all.step};
}
template <class T>
Pixels<T> mutable_sample(const ImageView& view, int64_t n) {
  const Pixels<T> all = mutable_sample<T>(view.all, n);
  return {all.at + view.first, all.step};
}

}  // namespace nas
