#pragma once

#include <algorithm>

#include "nas/kernels/cpu_frame.hpp"
#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

/// W channels from the c-th on of `Count` pixels from the p-th on.
template <int W, int Count, class T>
inline __attribute__((always_inline)) void weighted_sum_of(const WeightedSum<T>& work, int64_t p,
                                                           int64_t c) {
  using V = Vector<T, W>;
  const V constant = load<W>(work.constant + c);
  V sums[Count];
  for (int i = 0; i < Count; ++i) sums[i] = constant;
  for (int64_t k = 0; k < work.count; ++k) {
    const V factor = load<W>(work.factors[k] + c);
    const int64_t step = work.terms[k].step;
    const T* from = work.terms[k].at + p * step + c;
    for (int i = 0; i < Count; ++i) sums[i] += factor * load<W>(from + i * step);
  }
  for (int i = 0; i < Count; ++i) store<W>(work.out.at + (p + i) * work.out.step + c, sums[i]);
}

template <int W, class T>
void weighted_sum_part(const WeightedSum<T>& work, int64_t c) {
  constexpr int kAtOnce = 8;
  int64_t p = 0;
  for (; p + kAtOnce <= work.pixels; p += kAtOnce) weighted_sum_of<W, kAtOnce>(work, p, c);
  for (; p < work.pixels; ++p) weighted_sum_of<W, 1>(work, p, c);
}

template <int L, class T>
void weighted_sum(const WeightedSum<T>& work) {
  over_channels<L>(
      work.channels, [&](int64_t c) { weighted_sum_part<L>(work, c); },
      [&](int64_t c) { weighted_sum_part<1>(work, c); });
}

/// Products of `Count` terms from the k-th on at once, so that as many streams of memory are read.
template <int W, int Count, class T>
inline __attribute__((always_inline)) void product_sums_of(const ProductSums<T>& work, int64_t k,
                                                           int64_t first, int64_t last, int64_t c) {
  using V = Vector<T, W>;
  V parts[Count] = {};
  for (int64_t p = first; p < last; ++p) {
    const V value = load<W>(work.g.at + p * work.g.step + c);
    for (int64_t i = 0; i < Count; ++i) {
      const Pixels<const T>& term = work.terms[k + i];
      parts[i] += value * load<W>(term.at + p * term.step + c);
    }
  }
  for (int64_t i = 0; i < Count; ++i) {
    T* sums = work.sums + (1 + k + i) * work.channels + c;
    store<W>(sums, load<W>(sums) + parts[i]);
  }
}

/// Channels c .. c + W - 1 of pixels first .. last - 1.
template <int W, class T>
void product_sums_part(const ProductSums<T>& work, int64_t first, int64_t last, int64_t c) {
  Vector<T, W> sum = load<W>(work.sums + c);
  for (int64_t p = first; p < last; ++p) sum += load<W>(work.g.at + p * work.g.step + c);
  store<W>(work.sums + c, sum);
  int64_t k = 0;
  for (; k + 4 <= work.count; k += 4) product_sums_of<W, 4>(work, k, first, last, c);
  for (; k < work.count; ++k) product_sums_of<W, 1>(work, k, first, last, c);
}

/// Pixels whose terms are read for all channels before the next ones.
constexpr int64_t kSumPixels = 16;

template <int L, class T>
void product_sums(const ProductSums<T>& work) {
  for (int64_t p = 0; p < work.pixels; p += kSumPixels) {
    const int64_t last = std::min(p + kSumPixels, work.pixels);
    over_channels<L>(
        work.channels, [&](int64_t c) { product_sums_part<L>(work, p, last, c); },
        [&](int64_t c) { product_sums_part<1>(work, p, last, c); });
  }
}

}  // namespace nas::NAS_ISA
