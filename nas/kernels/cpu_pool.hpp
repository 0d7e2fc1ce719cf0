#pragma once

#include <algorithm>

#include "nas/kernels/cpu_frame.hpp"
#include "nas/kernels/cpu_kernels.hpp"
#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

/// Rows or columns first .. last - 1 of those that a window covers.
struct Span {
  int64_t first;
  int64_t last;
  int64_t count() const { return last - first; }
};
inline Span window(const PoolShape& shape, int64_t out, int64_t size) {
  const int64_t first = out * shape.stride - (shape.window - 1) / 2;
  const int64_t last = first + shape.window;
  return {first < 0 ? 0 : first, last > size ? size : last};
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

/// Joins `count` neighbouring elements of the rows of a window, one by one.
template <int L, Pool P, class T>
void join_elements(const T* x, const Span& rows, int64_t line, int64_t count, T* out) {
  const auto put = [&]<int W>(int64_t i) {
    Vector<T, W> value = load<W>(x + rows.first * line + i);
    for (int64_t y = rows.first + 1; y < rows.last; ++y) {
      value = joined<P>(load<W>(x + y * line + i), value);
    }
    store<W>(out + i, value);
  };
  over_channels<L>(
      count, [&](int64_t i) { put.template operator()<L>(i); },
      [&](int64_t i) { put.template operator()<1>(i); });
}

/// Joins the rows of a window.
template <int L, Pool P, class T>
void join_rows(const PoolShape& shape, const Pixels<const T>& x, const Span& rows, T* out) {
  const int64_t line = shape.width * x.step;
  if (x.step == shape.channels) return join_elements<L, P>(x.at, rows, line, line, out);
  for (int64_t ix = 0; ix < shape.width; ++ix) {
    join_elements<L, P>(x.at + ix * x.step, rows, line, shape.channels, out + ix * shape.channels);
  }
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
    const Span columns = window(shape, ox, shape.width);
    V value = load<W>(line + columns.first * step);
    for (int64_t ix = columns.first + 1; ix < columns.last; ++ix) {
      value = joined<P>(load<W>(line + ix * step), value);
    }
    put(ox, columns.count(), value);
  };
  // Windows of 3 are whole from 1 on.
  const int64_t whole =
      shape.window == 3 ? std::max<int64_t>(1, (shape.width - 2) / shape.stride + 1) : 1;
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
void pool_rows(const PoolShape& shape, const Pixels<const T>& x, T* y, T* sums, T* line) {
  for (int64_t oy = 0; oy < shape.out_height(); ++oy) {
    const Span rows = window(shape, oy, shape.height);
    join_rows<L, P>(shape, x, rows, line);
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
      : g(work.g.at + c),
        y(work.y + c),
        g_step(work.g.step),
        y_step(work.shape.channels),
        a(load<W>(work.a + c)),
        b(load<W>(work.b + c)),
        constant(load<W>(work.c + c)) {}
  Vector<T, W> at(int64_t pixel) const {
    return a * load<W>(g + pixel * g_step) + b * load<W>(y + pixel * y_step) + constant;
  }

  const T* g;
  const T* y;
  int64_t g_step, y_step;
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
    const Span columns = window(shape, ox, shape.width);
    const auto part =
        gradient.at(oy * shape.out_width() + ox) * (T(1) / static_cast<T>(rows * columns.count()));
    for (int64_t ix = columns.first; ix < columns.last; ++ix) {
      T* to = line + ix * shape.channels + c;
      store<W>(to, load<W>(to) + part);
    }
  }
}

template <int L, class T>
void mean_backward(const PoolBackward<T>& work) {
  const PoolShape& shape = work.shape;
  const int64_t line = shape.width * work.dx.step;
  const bool whole = work.dx.step == shape.channels;  // a row is one run of elements
  const int64_t count = whole ? line : shape.channels;
  for (int64_t oy = 0; oy < shape.out_height(); ++oy) {
    const Span rows = window(shape, oy, shape.height);
    over_channels<L>(
        shape.channels,
        [&](int64_t c) { spread_columns<L>(work, oy, rows.count(), c, work.scratch); },
        [&](int64_t c) { spread_columns<1>(work, oy, rows.count(), c, work.scratch); });
    for (int64_t ix = 0; ix < (whole ? 1 : shape.width); ++ix) {
      const T* part = work.scratch + ix * shape.channels;
      T* dx = work.dx.at + ix * work.dx.step;
      const auto add = [&]<int W>(int64_t i) {
        const Vector<T, W> value = load<W>(part + i);
        for (int64_t iy = rows.first; iy < rows.last; ++iy) {
          T* to = dx + iy * line + i;
          store<W>(to, load<W>(to) + value);
        }
      };
      over_channels<L>(
          count, [&](int64_t i) { add.template operator()<L>(i); },
          [&](int64_t i) { add.template operator()<1>(i); });
    }
  }
}

/// Each gradient goes to the first element of its window that equals the largest: one row of
/// results, W channels.
template <int W, class T>
void send_to_largest(const PoolBackward<T>& work, int64_t oy, const Span& rows, int64_t c) {
  using V = Vector<T, W>;
  const PoolShape& shape = work.shape;
  const PoolGradient<W, T> gradient(work, c);
  const int64_t line = shape.width * work.x.step;
  const int64_t dx_line = shape.width * work.dx.step;
  const T* x = work.x.at + rows.first * line + c;
  T* dx = work.dx.at + rows.first * dx_line + c;
  for (int64_t ox = 0; ox < shape.out_width(); ++ox) {
    const Span columns = window(shape, ox, shape.width);
    const int64_t at = oy * shape.out_width() + ox;
    const V largest = load<W>(work.y + at * shape.channels + c);
    V left = gradient.at(at);
    const auto visit = [&](int64_t iy, int64_t ix) {
      const auto here = load<W>(x + iy * line + ix * work.x.step) == largest;
      T* to = dx + iy * dx_line + ix * work.dx.step;
      store<W>(to, load<W>(to) + (here ? left : V{}));
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
    const Span rows = window(work.shape, oy, work.shape.height);
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
