#pragma once

#include "nas/kernels/bfloat16.hpp"
#include "nas/kernels/grid_image.hpp"

namespace nas {

/// ReLU and a depthwise convolution that keeps height and width up to its stride.
struct DepthwiseGrid {
  GridImage input;
  GridImage output;
  int32_t stride = 1;    // 1 or 2
  int32_t dilation = 1;  // 1 or 2
};

/// A ReLU through which a NaN goes, as through LibTorch's.
template <class T>
NAS_HOST_DEVICE T rectified(T value) {
  return value < 0 ? T(0) : value;
}

/// z = depthwise(relu(x)); one index an element of z.
template <class T, int K>
struct DepthwiseForward {
  DepthwiseGrid grid;
  const T* x = nullptr;
  const Wide<T>* weights = nullptr;  // [channels, K, K]
  T* z = nullptr;

  int64_t count() const { return grid.output.elements(); }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const GridPlace out = grid.output.place(i);
    const int32_t before = grid.dilation * (K - 1) / 2;
    const int32_t first_y = out.y * grid.stride - before;
    const int32_t first_x = out.x * grid.stride - before;
    const T* from = x + grid.input.offset({out.sample, out.channel, 0, 0});
    const Wide<T>* taps = weights + out.channel * K * K;
    Wide<T> sum = 0;
    for (int ky = 0; ky < K; ++ky) {
      const int32_t y = first_y + ky * grid.dilation;
      if (y < 0 || y >= grid.input.height) continue;
      for (int kx = 0; kx < K; ++kx) {
        const int32_t at = first_x + kx * grid.dilation;
        if (at < 0 || at >= grid.input.width) continue;
        const int64_t pixel = static_cast<int64_t>(y) * grid.input.width + at;
        sum += taps[ky * K + kx] * rectified(widen(from[pixel * grid.input.step()]));
      }
    }
    z[i] = narrow<T>(sum);
  }
};

/// The gradient of x from that of z, gathered; one index an element of x.
template <class T, int K>
struct DepthwiseInputGradient {
  DepthwiseGrid grid;
  const T* x = nullptr;
  const Wide<T>* weights = nullptr;
  const T* dz = nullptr;
  T* dx = nullptr;

  int64_t count() const { return grid.input.elements(); }

  /// The row or column of z whose window has `in` under tap k; negative where there is none.
  NAS_HOST_DEVICE int32_t reader(int32_t in, int k) const {
    const int32_t start = in + grid.dilation * ((K - 1) / 2 - k);
    return start < 0 || start % grid.stride != 0 ? -1 : start / grid.stride;
  }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const GridPlace in = grid.input.place(i);
    const T* from = dz + grid.output.offset({in.sample, in.channel, 0, 0});
    const Wide<T>* taps = weights + in.channel * K * K;
    Wide<T> sum = 0;
    for (int ky = 0; ky < K; ++ky) {
      const int32_t y = reader(in.y, ky);
      if (y < 0 || y >= grid.output.height) continue;
      for (int kx = 0; kx < K; ++kx) {
        const int32_t at = reader(in.x, kx);
        if (at < 0 || at >= grid.output.width) continue;
        const int64_t pixel = static_cast<int64_t>(y) * grid.output.width + at;
        sum += taps[ky * K + kx] * widen(from[pixel * grid.output.step()]);
      }
    }
    dx[i] = narrow<T>(widen(x[i]) <= 0 ? Wide<T>(0) : sum);
  }
};

/// Parts of the gradient of the weights; one index a channel and chunk of the pixels of z.
template <class T, int K>
struct DepthwiseWeightGradient {
  DepthwiseGrid grid;
  const T* x = nullptr;
  const T* dz = nullptr;
  int64_t chunks = 1;
  Wide<T>* parts = nullptr;  // [chunks, channels, K, K]

  int64_t count() const { return chunks * grid.output.channels; }

  NAS_HOST_DEVICE void operator()(int64_t i) const {
    const GridPart part = part_of_image(grid.output, chunks, i);
    Wide<T> sums[K * K] = {};
    for (int64_t pixel = part.chunk; pixel < grid.output.pixels(); pixel += chunks) {
      add_pixel(grid.output.place_of_pixel(pixel, part.channel), sums);
    }
    Wide<T>* to = parts + (part.chunk * grid.output.channels + part.channel) * K * K;
    for (int tap = 0; tap < K * K; ++tap) to[tap] = sums[tap];
  }

  NAS_HOST_DEVICE void add_pixel(const GridPlace& out, Wide<T>* sums) const {
    const Wide<T> gradient = widen(dz[grid.output.offset(out)]);
    const int32_t before = grid.dilation * (K - 1) / 2;
    const int32_t first_y = out.y * grid.stride - before;
    const int32_t first_x = out.x * grid.stride - before;
    const T* from = x + grid.input.offset({out.sample, out.channel, 0, 0});
    for (int ky = 0; ky < K; ++ky) {
      const int32_t y = first_y + ky * grid.dilation;
      for (int kx = 0; kx < K; ++kx) {
        const int32_t at = first_x + kx * grid.dilation;
        const bool inside = y >= 0 && y < grid.input.height && at >= 0 && at < grid.input.width;
        if (!inside) continue;
        const int64_t pixel = static_cast<int64_t>(y) * grid.input.width + at;
        sums[ky * K + kx] += gradient * rectified(widen(from[pixel * grid.input.step()]));
      }
    }
  }
};

}  // namespace nas
