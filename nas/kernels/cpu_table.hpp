#pragma once

#include "nas/kernels/cpu_frame.hpp"
#include "nas/kernels/cpu_pointwise.hpp"
#include "nas/kernels/cpu_pool.hpp"
#include "nas/kernels/cpu_separable.hpp"
#include "nas/kernels/cpu_shuffle.hpp"
#include "nas/kernels/cpu_sums.hpp"
#include "nas/kernels/cpu_tiles.hpp"

/// \file
/// Included by the units that are compiled once for each instruction set.

namespace nas::NAS_ISA {

/// Calls function.operator()<K, S, D>() with those of a shape.
template <int K, class Function>
void with_stride(const SeparableShape& shape, Function function) {
  if (shape.stride == 1 && shape.dilation == 1) return function.template operator()<K, 1, 1>();
  if (shape.stride == 1) return function.template operator()<K, 1, 2>();
  if (shape.dilation == 1) return function.template operator()<K, 2, 1>();
  return function.template operator()<K, 2, 2>();
}
template <class Function>
void with_kernel(const SeparableShape& shape, Function function) {
  if (shape.kernel == 3) return with_stride<3>(shape, function);
  with_stride<5>(shape, function);
}

template <int L, class T>
void any_separable_forward(const SeparableForward<T>& work) {
  if (work.shape.spread == Spread::none) return pointwise_forward<L>(work);
  if (work.shape.spread == Spread::diagonals) return diagonals_forward<L>(work);
  if (work.shape.spread == Spread::tiles) return tiles_forward<L>(work);
  with_kernel(work.shape, [&]<int K, int S, int D>() { separable_forward<L, K, S, D>(work); });
}
template <int L, class T>
void any_separable_backward(const SeparableBackward<T>& work) {
  if (work.shape.spread == Spread::none) return pointwise_backward<L>(work);
  if (work.shape.spread == Spread::diagonals) return diagonals_backward<L>(work);
  if (work.shape.spread == Spread::tiles) return tiles_backward<L>(work);
  with_kernel(work.shape, [&]<int K, int S, int D>() { separable_backward<L, K, S, D>(work); });
}

template <class T, int L>
constexpr CpuKernels<T> kTable{L,
                               frame<L, T>,
                               relu_backward<L, T>,
                               any_separable_forward<L, T>,
                               any_separable_backward<L, T>,
                               pool_forward<L, T>,
                               pool_backward<L, T>,
                               weighted_sum<L, T>,
                               product_sums<L, T>,
                               shuffle<T>};

}  // namespace nas::NAS_ISA
