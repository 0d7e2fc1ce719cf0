#pragma once

#include <algorithm>

#include "nas/kernels/cpu_separable.hpp"

namespace nas::NAS_ISA {

/// A pixel of the framed input.
template <class T>
const T* framed_pixel(const Framed<T>& input, const SeparableSizes& sizes, int64_t width, int64_t y,
                      int64_t x) {
  const int64_t line = width + 2 * input.frame;
  return input.values + ((y + input.frame) * line + x + input.frame) * sizes.in;
}

/// relu, then a pointwise convolution.
template <int L, class T>
void pointwise_forward(const SeparableForward<T>& work) {
  const SeparableSizes sizes(work.shape, L);
  for (int64_t y = 0; y < work.shape.height; ++y) {
    const T* from = framed_pixel(work.input, sizes, work.shape.width, y, 0);
    result_row<L>(work, sizes, y, from, work.scratch);
  }
}

template <int L, class T>
void pointwise_backward(const SeparableBackward<T>& work) {
  const SeparableSizes sizes(work.shape, L);
  T* row = work.scratch;
  for (int64_t y = 0; y < work.shape.height; ++y) {
    result_gradient<L>(work, sizes, y, row);
    matrix_product<L>(row, work.transposed, work.gradient + y * sizes.row * sizes.in,
                      {sizes.row, sizes.out, sizes.in}, work.accumulate);
    const T* from = framed_pixel(work.input, sizes, work.shape.width, y, 0);
    pointwise_weights<L>(work, sizes, from, row);
  }
}

/// One row of every second pixel, each followed by its neighbour below on the right.
template <class T>
void gather_diagonals(const Framed<T>& input, const SeparableSizes& sizes, int64_t width, int64_t y,
                      T* spread) {
  for (int64_t x = 0; x < sizes.row; ++x, spread += sizes.spread) {
    std::copy_n(framed_pixel(input, sizes, width, 2 * y, 2 * x), sizes.in, spread);
    std::copy_n(framed_pixel(input, sizes, width, 2 * y + 1, 2 * x + 1), sizes.in,
                spread + sizes.in);
  }
}

template <int L, class T>
void diagonals_forward(const SeparableForward<T>& work) {
  const SeparableSizes sizes(work.shape, L);
  T* spread = work.scratch;
  for (int64_t y = 0; y < work.shape.out_height(); ++y) {
    gather_diagonals(work.input, sizes, work.shape.width, y, spread);
    result_row<L>(work, sizes, y, spread, spread + sizes.row * sizes.spread);
  }
}

/// The reverse of gather_diagonals(), adding.
template <int L, class T>
void scatter_diagonals(const SeparableBackward<T>& work, const SeparableSizes& sizes, int64_t y,
                       const T* d) {
  const SeparableShape& shape = work.shape;
  const auto add = [&](int64_t iy, int64_t ix, const T* from) {
    if (iy >= shape.height || ix >= shape.width) return;
    T* to = work.gradient + (iy * shape.width + ix) * sizes.in;
    for (int64_t c = 0; c < sizes.in; c += L) {
      store<L>(to + c, load<L>(to + c) + load<L>(from + c));
    }
  };
  for (int64_t x = 0; x < sizes.row; ++x, d += sizes.spread) {
    add(2 * y, 2 * x, d);
    add(2 * y + 1, 2 * x + 1, d + sizes.in);
  }
}

template <int L, class T>
void diagonals_backward(const SeparableBackward<T>& work) {
  const SeparableShape& shape = work.shape;
  const SeparableSizes sizes(shape, L);
  T* spread = work.scratch;
  T* row = spread + sizes.row * sizes.spread;
  T* d = row + sizes.row * sizes.out;
  if (!work.accumulate) {
    std::fill_n(work.gradient, shape.height * shape.width * sizes.in, T(0));
  }
  for (int64_t y = 0; y < shape.out_height(); ++y) {
    result_gradient<L>(work, sizes, y, row);
    matrix_product<L>(row, work.transposed, d, {sizes.row, sizes.out, sizes.spread},
                      /*add=*/false);
    if (work.d_pointwise != nullptr) {
      gather_diagonals(work.input, sizes, shape.width, y, spread);
      pointwise_weights<L>(work, sizes, spread, row);
    }
    scatter_diagonals<L>(work, sizes, y, d);
  }
}

}  // namespace nas::NAS_ISA
