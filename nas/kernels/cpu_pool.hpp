#pragma once

#include "nas/kernels/cpu_kernels.hpp"
#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

/// Rows or columns first .. last - 1 of the 3 that a window covers.
struct Span {
  int64_t first;
  int64_t last;
};
inline Span window(int64_t out, int64_t stride, int64_t size) {
  const int64_t first = out * stride - 1;
  return {first < 0 ? 0 : first, first + 3 > size ? size : first + 3};
}

template <int L, class T>
void pool_forward_part(const PoolShape& shape, Pool pool, const T* x, T* y, int64_t c) {
  using V = Vector<T, L>;
  const int64_t step = shape.channels;
  for (int64_t oy = 0; oy < shape.out_height(); ++oy) {
    const Span rows = window(oy, shape.stride, shape.height);
    for (int64_t ox = 0; ox < shape.out_width(); ++ox) {
      const Span columns = window(ox, shape.stride, shape.width);
      V largest = load<L>(x + (rows.first * shape.width + columns.first) * step + c);
      V sum{};
      for (int64_t iy = rows.first; iy < rows.last; ++iy) {
        for (int64_t ix = columns.first; ix < columns.last; ++ix) {
          const V value = load<L>(x + (iy * shape.width + ix) * step + c);
          largest = value <= largest ? largest : value;  // a NaN wins
          sum += value;
        }
      }
      const auto count = static_cast<T>((rows.last - rows.first) * (columns.last - columns.first));
      store<L>(y + (oy * shape.out_width() + ox) * step + c,
               pool == Pool::largest ? largest : sum / count);
    }
  }
}

template <int L, class T>
inline __attribute__((always_inline)) void spread_mean(const Span& rows, const Span& columns,
                                                       int64_t width, int64_t step,
                                                       Vector<T, L> gradient, T* dx) {
  const auto count = static_cast<T>((rows.last - rows.first) * (columns.last - columns.first));
  gradient = gradient / count;
  for (int64_t iy = rows.first; iy < rows.last; ++iy) {
    for (int64_t ix = columns.first; ix < columns.last; ++ix) {
      T* at = dx + (iy * width + ix) * step;
      store<L>(at, load<L>(at) + gradient);
    }
  }
}

/// All of a gradient goes to the first element that equals the largest.
template <int L, class T>
inline __attribute__((always_inline)) void send_to_largest(const Span& rows, const Span& columns,
                                                           int64_t width, int64_t step, const T* x,
                                                           Vector<T, L> largest,
                                                           Vector<T, L> gradient, T* dx) {
  using V = Vector<T, L>;
  for (int64_t iy = rows.first; iy < rows.last; ++iy) {
    for (int64_t ix = columns.first; ix < columns.last; ++ix) {
      const int64_t offset = (iy * width + ix) * step;
      const auto here = load<L>(x + offset) == largest;
      store<L>(dx + offset, load<L>(dx + offset) + (here ? gradient : V{}));
      gradient = here ? V{} : gradient;
    }
  }
}

template <int L, class T>
void pool_backward_part(const PoolShape& shape, Pool pool, const T* x, const T* y, const T* g,
                        const T* const* abc, T* dx, int64_t c) {
  using V = Vector<T, L>;
  const V a = load<L>(abc[0] + c);
  const V b = load<L>(abc[1] + c);
  const V constant = load<L>(abc[2] + c);
  const int64_t step = shape.channels;
  for (int64_t oy = 0; oy < shape.out_height(); ++oy) {
    const Span rows = window(oy, shape.stride, shape.height);
    for (int64_t ox = 0; ox < shape.out_width(); ++ox) {
      const Span columns = window(ox, shape.stride, shape.width);
      const int64_t at = (oy * shape.out_width() + ox) * step + c;
      const V value = load<L>(y + at);
      const V gradient = a * load<L>(g + at) + b * value + constant;
      if (pool == Pool::mean) {
        spread_mean<L>(rows, columns, shape.width, step, gradient, dx + c);
      } else {
        send_to_largest<L>(rows, columns, shape.width, step, x + c, value, gradient, dx + c);
      }
    }
  }
}

template <int L, class T>
void pool_forward(const PoolShape& shape, Pool pool, const T* x, T* y) {
  int64_t c = 0;
  for (; c + L <= shape.channels; c += L) pool_forward_part<L>(shape, pool, x, y, c);
  for (; c < shape.channels; ++c) pool_forward_part<1>(shape, pool, x, y, c);
}

template <int L, class T>
void pool_backward(const PoolShape& shape, Pool pool, const T* x, const T* y, const T* g,
                   const T* const* abc, T* dx) {
  int64_t c = 0;
  for (; c + L <= shape.channels; c += L) pool_backward_part<L>(shape, pool, x, y, g, abc, dx, c);
  for (; c < shape.channels; ++c) pool_backward_part<1>(shape, pool, x, y, g, abc, dx, c);
}

}  // namespace nas::NAS_ISA
