#pragma once

#include <cmath>

#include "nas/kernels/bfloat16.hpp"
#include "nas/kernels/grid_image.hpp"

namespace nas {

/// 3x3 windows with padding 1, which counts in neither the largest nor the mean.
struct PoolGrid {
  GridImage input;
  GridImage output;
  int32_t stride = 1;
  bool largest = true;  // else the mean

  /// Elements that a window has.
  NAS_HOST_DEVICE int32_t window_size(const GridPlace& out) const {
    return covered(out.y, input.height) * covered(out.x, input.width);
  }
  NAS_HOST_DEVICE int32_t covered(int32_t out, int32_t size) const {
    const int32_t first = out * stride - 1;
    return (first + 3 > size ? size : first + 3) - (first < 0 ? 0 : first);
  }
};

/// One index an element of y.
template <class T>
struct GridPoolForward {
  PoolGrid grid;
  const T* x = nullptr;
  T* y = nullptr;
  uint8_t* winners = nullptr;  // which of the 9 is the largest, by element of y; null for the mean

  int64_t count() const { return grid.output.elements(); }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const GridPlace out = grid.output.place(i);
    const T* from = x + grid.input.offset({out.sample, out.channel, 0, 0});
    Wide<T> sum = 0;
    Wide<T> largest = 0;
    int winner = -1;
    for (int tap = 0; tap < 9; ++tap) {
      const int32_t row = out.y * grid.stride - 1 + tap / 3;
      const int32_t column = out.x * grid.stride - 1 + tap % 3;
      const bool inside =
          row >= 0 && row < grid.input.height && column >= 0 && column < grid.input.width;
      if (!inside) continue;
      const int64_t pixel = static_cast<int64_t>(row) * grid.input.width + column;
      const Wide<T> value = widen(from[pixel * grid.input.step()]);
      sum += value;
      // The first of equals; a NaN wins.
      if (winner < 0 || value > largest || std::isnan(value)) {
        largest = value;
        winner = tap;
      }
    }
    if (grid.largest) winners[i] = static_cast<uint8_t>(winner);
    y[i] = narrow<T>(grid.largest ? largest : sum / static_cast<Wide<T>>(grid.window_size(out)));
  }
};

/// Gathered; one index an element of x.
template <class T>
struct GridPoolBackward {
  PoolGrid grid;
  const T* dy = nullptr;
  const uint8_t* winners = nullptr;
  T* dx = nullptr;

  int64_t count() const { return grid.input.elements(); }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const GridPlace in = grid.input.place(i);
    Wide<T> sum = 0;
    for (int tap = 0; tap < 9; ++tap) {
      const int32_t start_y = in.y + 1 - tap / 3;
      const int32_t start_x = in.x + 1 - tap % 3;
      if (start_y < 0 || start_x < 0) continue;
      if (start_y % grid.stride != 0 || start_x % grid.stride != 0) continue;
      const GridPlace out{in.sample, in.channel, start_y / grid.stride, start_x / grid.stride};
      if (out.y >= grid.output.height || out.x >= grid.output.width) continue;
      const int64_t at = grid.output.offset(out);
      if (!grid.largest) {
        sum += widen(dy[at]) / static_cast<Wide<T>>(grid.window_size(out));
      } else if (winners[at] == tap) {
        sum += widen(dy[at]);
      }
    }
    dx[i] = narrow<T>(sum);
  }
};

}  // namespace nas
