#pragma once

#include <algorithm>

#include "nas/kernels/cpu_frame.hpp"
#include "nas/kernels/cpu_kernels.hpp"
#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

/// Rows or columns first .. last - 1 of the 3 that a window covers.
struct Span {
  int64_t first;
  int64_t last;
  int64_t count() const { return last - first; }
};
inline Span window(int64_t out, int64_t stride, int64_t size) {
  const int64_t first = out * stride - 1;
  return {first < 0 ? 0 : first, first + 3 > size ? size : first + 3};
}

/// The larger one; a NaN wins.
template <class V>
inline __attribute__((always_inline)) V larger(V value, V largest) {
  const auto none = value != value;  // NOLINT(misc-redundant-expression)
  return ((value > largest) | none) ? value : largest;
}
template <Pool P, class V>
inline __attribute__((always_inline)) V joined(V value, V other) {
  return P == Pool::largest ? larger(value, other) : value + other;
}

/// Joins the rows of a window, element by element.
template <int L, Pool P, class T>
void join_rows(const T* x, const Span& rows, int64_t line, T* out) {
  const auto put = [&]<int W>(int64_t i) {
    Vector<T, W> value = load<W>(x + rows.first * line + i);
    for (int64_t y = rows.first + 1; y < rows.last; ++y) {
      value = joined<P>(load<W>(x + y * line + i), value);
    }
    store<W>(out + i, value);
  };
  over_channels<L>(
      line, [&](int64_t i) { put.template operator()<L>(i); },
      [&](int64_t i) { put.template operator()<1>(i); });
}

/// Joins the columns of each window of joined rows, for W channels of one row of results.
template <int W, Pool P, class T>
inline __attribute__((always_inline)) void join_columns(const PoolShape& shape, int64_t rows,
                                                        const T* line, T* y, T* sums) {
  using V = Vector<T, W>;
  const int64_t step = shape.channels;
  V sum = load<W>(sums);
  V squares = load<W>(sums + step);
  const auto put = [&](int64_t ox, int64_t columns, V value) {
    if (P == Pool::mean) value *= T(1) / static_cast<T>(rows * columns);
    sum += value;
    squares += value * value;
    store<W>(y + ox * step, value);
  };
  const auto edge = [&](int64_t ox) {
    const Span columns = window(ox, shape.stride, shape.width);
    V value = load<W>(line + columns.first * step);
    for (int64_t ix = columns.first + 1; ix < columns.last; ++ix) {
      value = joined<P>(load<W>(line + ix * step), value);
    }
    put(ox, columns.count(), value);
  };
  const int64_t whole = std::max<int64_t>(1, (shape.width - 2) / shape.stride + 1);  // from 1 on
  edge(0);
  for (int64_t ox = 1; ox < whole; ++ox) {
    const T* from = line + (ox * shape.stride - 1) * step;
    put(ox, 3, joined<P>(load<W>(from + 2 * step), joined<P>(load<W>(from + step), load<W>(from))));
  }
  for (int64_t ox = whole; ox < shape.out_width(); ++ox) edge(ox);
  store<W>(sums, sum);
  store<W>(sums + step, squares);
}

template <int L, Pool P, class T>
void pool_rows(const PoolShape& shape, const T* x, T* y, T* sums, T* line) {
  for (int64_t oy = 0; oy < shape.out_height(); ++oy) {
    const Span rows = window(oy, shape.stride, shape.height);
    join_rows<L, P>(x, rows, shape.width * shape.channels, line);
    T* to = y + oy * shape.out_width() * shape.channels;
    over_channels<L>(
        shape.channels,
        [&](int64_t c) { join_columns<L, P>(shape, rows.count(), line + c, to + c, sums + c); },
        [&](int64_t c) { join_columns<1, P>(shape, rows.count(), line + c, to + c, sums + c); });
  }
}

template <int L, class T>
void pool_forward(const PoolForward<T>& work) {
  const auto run =
      work.pool == Pool::largest ? pool_rows<L, Pool::largest, T> : pool_rows<L, Pool::mean, T>;
  run(work.shape, work.x, work.y, work.sums, work.scratch);
}

/// a * g + b * y + c of W channels.
template <int W, class T>
struct PoolGradient {
  PoolGradient(const PoolBackward<T>& work, int64_t c)
      : g(work.g + c),
        y(work.y + c),
        a(load<W>(work.a + c)),
        b(load<W>(work.b + c)),
        constant(load<W>(work.c + c)) {}
  Vector<T, W> at(int64_t offset) const {
    return a * load<W>(g + offset) + b * load<W>(y + offset) + constant;
  }

  const T* g;
  const T* y;
  Vector<T, W> a, b, constant;
};

/// Spreads one row of gradients over the columns of their windows, each divided by the elements of
/// its window.
template <int W, class T>
void spread_columns(const PoolBackward<T>& work, int64_t oy, int64_t rows, int64_t c, T* line) {
  const PoolShape& shape = work.shape;
  const PoolGradient<W, T> gradient(work, c);
  const Vector<T, W> zero{};
  for (int64_t ix = 0; ix < shape.width; ++ix) store<W>(line + ix * shape.channels + c, zero);
  for (int64_t ox = 0; ox < shape.out_width(); ++ox) {
    const Span columns = window(ox, shape.stride, shape.width);
    const auto part = gradient.at((oy * shape.out_width() + ox) * shape.channels) *
                      (T(1) / static_cast<T>(rows * columns.count()));
    for (int64_t ix = columns.first; ix < columns.last; ++ix) {
      T* to = line + ix * shape.channels + c;
      store<W>(to, load<W>(to) + part);
    }
  }
}

template <int L, class T>
void mean_backward(const PoolBackward<T>& work) {
  const PoolShape& shape = work.shape;
  const int64_t line = shape.width * shape.channels;
  for (int64_t oy = 0; oy < shape.out_height(); ++oy) {
    const Span rows = window(oy, shape.stride, shape.height);
    over_channels<L>(
        shape.channels,
        [&](int64_t c) { spread_columns<L>(work, oy, rows.count(), c, work.scratch); },
        [&](int64_t c) { spread_columns<1>(work, oy, rows.count(), c, work.scratch); });
    const auto add = [&]<int W>(int64_t i) {
      const Vector<T, W> value = load<W>(work.scratch + i);
      for (int64_t iy = rows.first; iy < rows.last; ++iy) {
        T* to = work.dx + iy * line + i;
        store<W>(to, load<W>(to) + value);
      }
    };
    over_channels<L>(
        line, [&](int64_t i) { add.template operator()<L>(i); },
        [&](int64_t i) { add.template operator()<1>(i); });
  }
}

/// Each gradient goes to the first element of its window that equals the largest: one row of
/// results, W channels.
template <int W, class T>
void send_to_largest(const PoolBackward<T>& work, int64_t oy, const Span& rows, int64_t c) {
  using V = Vector<T, W>;
  const PoolShape& shape = work.shape;
  const PoolGradient<W, T> gradient(work, c);
  const int64_t line = shape.width * shape.channels;
  const T* x = work.x + rows.first * line + c;
  T* dx = work.dx + rows.first * line + c;
  for (int64_t ox = 0; ox < shape.out_width(); ++ox) {
    const Span columns = window(ox, shape.stride, shape.width);
    const int64_t at = (oy * shape.out_width() + ox) * shape.channels;
    const V largest = load<W>(work.y + at + c);
    V left = gradient.at(at);
    const auto visit = [&](int64_t iy, int64_t ix) {
      const int64_t offset = iy * line + ix * shape.channels;
      const auto here = load<W>(x + offset) == largest;
      store<W>(dx + offset, load<W>(dx + offset) + (here ? left : V{}));
      left = here ? V{} : left;
    };
    if (rows.count() == 3 && columns.count() == 3) {  // unrolled
      for (int iy = 0; iy < 3; ++iy) {
        for (int ix = 0; ix < 3; ++ix) visit(iy, columns.first + ix);
      }
      continue;
    }
    for (int64_t iy = 0; iy < rows.count(); ++iy) {
      for (int64_t ix = columns.first; ix < columns.last; ++ix) visit(iy, ix);
    }
  }
}

template <int L, class T>
void largest_backward(const PoolBackward<T>& work) {
  for (int64_t oy = 0; oy < work.shape.out_height(); ++oy) {
    const Span rows = window(oy, work.shape.stride, work.shape.height);
    over_channels<L>(
        work.shape.channels, [&](int64_t c) { send_to_largest<L>(work, oy, rows, c); },
        [&](int64_t c) { send_to_largest<1>(work, oy, rows, c); });
  }
}

template <int L, class T>
void pool_backward(const PoolBackward<T>& work) {
  if (work.pool == Pool::mean) return mean_backward<L>(work);
  largest_backward<L>(work);
}

}  // namespace nas::NAS_ISA
