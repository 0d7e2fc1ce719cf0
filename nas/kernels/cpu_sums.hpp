#pragma once

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

template <int L, class T>
void product_sums_part(int64_t pixels, int64_t channels, const T* g, const T* term, T* sums,
                       int64_t c) {
  using V = Vector<T, L>;
  constexpr int kChains = 4;  // additions need not wait for one another
  V parts[kChains] = {};
  const auto add = [&](V& part, int64_t p) {
    const V value = load<L>(g + p * channels + c);
    part += term == nullptr ? value : value * load<L>(term + p * channels + c);
  };
  int64_t p = 0;
  for (; p + kChains <= pixels; p += kChains) {
    for (int i = 0; i < kChains; ++i) add(parts[i], p + i);
  }
  for (; p < pixels; ++p) add(parts[0], p);
  store<L>(sums + c, load<L>(sums + c) + ((parts[0] + parts[1]) + (parts[2] + parts[3])));
}

template <int L, class T>
void product_sums(int64_t pixels, int64_t channels, const T* g, const T* term, T* sums) {
  int64_t c = 0;
  for (; c + L <= channels; c += L) product_sums_part<L>(pixels, channels, g, term, sums, c);
  for (; c < channels; ++c) product_sums_part<1>(pixels, channels, g, term, sums, c);
}

}  // namespace nas::NAS_ISA
