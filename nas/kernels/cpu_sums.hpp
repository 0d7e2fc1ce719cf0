#pragma once

#include <algorithm>

#include "nas/kernels/cpu_frame.hpp"
#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

template <int L, class T>
void weighted_sum_part(int64_t pixels, int64_t channels, int64_t count, const T* const* terms,
                       const T* const* factors, const T* constant, T* out, int64_t c) {
  using V = Vector<T, L>;
  for (int64_t p = 0; p < pixels; ++p) {
    V sum = load<L>(constant + c);
    for (int64_t k = 0; k < count; ++k) {
      sum += load<L>(factors[k] + c) * load<L>(terms[k] + p * channels + c);
    }
    store<L>(out + p * channels + c, sum);
  }
}

template <int L, class T>
void weighted_sum(int64_t pixels, int64_t channels, int64_t count, const T* const* terms,
                  const T* const* factors, const T* constant, T* out) {
  int64_t c = 0;
  for (; c + L <= channels; c += L) {
    weighted_sum_part<L>(pixels, channels, count, terms, factors, constant, out, c);
  }
  for (; c < channels; ++c) {
    weighted_sum_part<1>(pixels, channels, count, terms, factors, constant, out, c);
  }
}

/// Products of `Count` terms at once, so that as many streams of memory are read.
template <int W, int Count, class T>
inline __attribute__((always_inline)) void product_sums_of(int64_t pixels, int64_t channels,
                                                           const T* g, const T* const* terms,
                                                           int64_t offset, T* sums) {
  using V = Vector<T, W>;
  V parts[Count] = {};
  for (int64_t p = 0; p < pixels; ++p) {
    const int64_t at = offset + p * channels;
    const V value = load<W>(g + at);
    for (int k = 0; k < Count; ++k) parts[k] += value * load<W>(terms[k] + at);
  }
  for (int k = 0; k < Count; ++k) {
    store<W>(sums + k * channels, load<W>(sums + k * channels) + parts[k]);
  }
}

template <int W, class T>
void gradient_sum(int64_t pixels, int64_t channels, const T* g, T* sums) {
  Vector<T, W> sum = load<W>(sums);
  for (int64_t p = 0; p < pixels; ++p) sum += load<W>(g + p * channels);
  store<W>(sums, sum);
}

template <int W, class T>
void product_sums_part(int64_t pixels, int64_t channels, int64_t count, const T* g,
                       const T* const* terms, T* sums, int64_t offset) {
  gradient_sum<W>(pixels, channels, g + offset, sums);
  int64_t k = 0;
  for (; k + 4 <= count; k += 4) {
    product_sums_of<W, 4>(pixels, channels, g, terms + k, offset, sums + (1 + k) * channels);
  }
  for (; k < count; ++k) {
    product_sums_of<W, 1>(pixels, channels, g, terms + k, offset, sums + (1 + k) * channels);
  }
}

/// Pixels whose terms are read for all channels before the next ones.
constexpr int64_t kSumPixels = 16;

template <int L, class T>
void product_sums(int64_t pixels, int64_t channels, int64_t count, const T* g,
                  const T* const* terms, T* sums) {
  for (int64_t p = 0; p < pixels; p += kSumPixels) {
    const int64_t some = std::min(kSumPixels, pixels - p);
    over_channels<L>(
        channels,
        [&](int64_t c) {
          product_sums_part<L>(some, channels, count, g, terms, sums + c, p * channels + c);
        },
        [&](int64_t c) {
          product_sums_part<1>(some, channels, count, g, terms, sums + c, p * channels + c);
        });
  }
}

}  // namespace nas::NAS_ISA
