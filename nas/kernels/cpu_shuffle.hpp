#pragma once

#include "nas/kernels/cpu_kernels.hpp"
#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

/// With as many groups, or groups of that size, as the compiler may know; 0: it does not.
template <int Groups, int Size, class T>
void shuffle_pixels(const ChannelShuffle<T>& work) {
  const int64_t groups = Groups > 0 ? Groups : work.groups;
  const int64_t size = Size > 0 ? Size : work.size;
  const int64_t x_step = work.x.step;
  const int64_t out_step = work.out.step;
  const T* __restrict x = work.x.at;
  T* __restrict out = work.out.at;
  for (int64_t p = 0; p < work.pixels; ++p, x += x_step, out += out_step) {
    for (int64_t j = 0; j < size; ++j) {
      for (int64_t i = 0; i < groups; ++i) out[j * groups + i] = x[i * size + j];
    }
  }
}

template <class T>
void shuffle(const ChannelShuffle<T>& work) {
  if (work.groups == 4 && work.size == 4) return shuffle_pixels<4, 4>(work);
  if (work.groups == 2) return shuffle_pixels<2, 0>(work);
  if (work.size == 2) return shuffle_pixels<0, 2>(work);
  if (work.groups == 4) return shuffle_pixels<4, 0>(work);
  if (work.size == 4) return shuffle_pixels<0, 4>(work);
  shuffle_pixels<0, 0>(work);
}

}  // namespace nas::NAS_ISA
