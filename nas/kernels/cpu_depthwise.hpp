#pragma once

#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

/// As many as the instruction set has registers for, with all inputs of a row of taps.
#ifdef __AVX512F__
constexpr int kTilePixels = 8;
#else
constexpr int kTilePixels = 4;
#endif

/// `R` neighbouring pixels of one row of a depthwise convolution. `in` is the first pixel's first
/// tap in an input that is framed by its padding; `step` elements lie between two pixels, `line`
/// between two rows.
template <int L, int K, int S, int D, int R, bool Add, class T>
inline __attribute__((always_inline)) void depthwise_tile(const T* in, int64_t step, int64_t line,
                                                          const T* weights, T* out) {
  using V = Vector<T, L>;
  constexpr int kInputs = (R - 1) * S + (K - 1) * D + 1;
  V sums[R] = {};
  if constexpr (Add) {
    for (int64_t i = 0; i < R; ++i) sums[i] = load<L>(out + i * step);
  }
  for (int ky = 0; ky < K; ++ky) {
    const T* from = in + int64_t{ky} * D * line;
    V inputs[kInputs];
#pragma GCC unroll 32
    for (int x = 0; x < kInputs; ++x) inputs[x] = load<L>(from + x * step);
#pragma GCC unroll 8
    for (int kx = 0; kx < K; ++kx) {
      const V weight = load<L>(weights + (ky * K + kx) * step);
#pragma GCC unroll 8
      for (int i = 0; i < R; ++i) sums[i] += weight * inputs[i * S + kx * D];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i) store<L>(out + i * step, sums[i]);
}

/// One row of `width` outputs for all `channels` (padded), added to `out` or put there; weights
/// [K][K][channels].
template <int L, int K, int S, int D, bool Add, class T>
void depthwise_row(const T* in, int64_t channels, int64_t line, const T* weights, T* out,
                   int64_t width) {
  for (int64_t c = 0; c < channels; c += L) {
    int64_t x = 0;
    for (; x + kTilePixels <= width; x += kTilePixels) {
      depthwise_tile<L, K, S, D, kTilePixels, Add>(in + x * S * channels + c, channels, line,
                                                   weights + c, out + x * channels + c);
    }
    for (; x < width; ++x) {
      depthwise_tile<L, K, S, D, 1, Add>(in + x * S * channels + c, channels, line, weights + c,
                                         out + x * channels + c);
    }
  }
}

/// d_weights[ky][kx][c] += sum over one row of d[x][c] * (the input under tap (ky, kx)).
template <int L, int K, int S, int D, class T>
void depthwise_weight_row(const T* in, int64_t channels, int64_t line, const T* d, T* d_weights,
                          int64_t width) {
  using V = Vector<T, L>;
  for (int64_t c = 0; c < channels; c += L) {
    for (int64_t ky = 0; ky < K; ++ky) {
      V sums[2][K] = {};  // two of each, so that additions need not wait for one another
      const T* from = in + ky * D * line + c;
      int64_t x = 0;
      for (; x + 2 <= width; x += 2) {
        for (int64_t i = 0; i < 2; ++i) {
          const V gradient = load<L>(d + (x + i) * channels + c);
          for (int64_t kx = 0; kx < K; ++kx) {
            sums[i][kx] += gradient * load<L>(from + ((x + i) * S + kx * D) * channels);
          }
        }
      }
      for (; x < width; ++x) {
        const V gradient = load<L>(d + x * channels + c);
        for (int64_t kx = 0; kx < K; ++kx) {
          sums[0][kx] += gradient * load<L>(from + (x * S + kx * D) * channels);
        }
      }
      for (int64_t kx = 0; kx < K; ++kx) {
        T* at = d_weights + (ky * K + kx) * channels + c;
        store<L>(at, load<L>(at) + (sums[0][kx] + sums[1][kx]));
      }
    }
  }
}

/// The gradient of the framed input: d_in(under tap) += weight * d, for one row of outputs. For
/// strides, where gathering would meet gaps.
template <int L, int K, int S, int D, class T>
void depthwise_scatter_row(const T* d, int64_t channels, int64_t line, const T* weights, T* d_in,
                           int64_t width) {
  using V = Vector<T, L>;
  for (int64_t c = 0; c < channels; c += L) {
    for (int64_t ky = 0; ky < K; ++ky) {
      V row[K];
      for (int64_t kx = 0; kx < K; ++kx) row[kx] = load<L>(weights + (ky * K + kx) * channels + c);
      T* to = d_in + ky * D * line + c;
      for (int64_t x = 0; x < width; ++x) {
        const V gradient = load<L>(d + x * channels + c);
        for (int64_t kx = 0; kx < K; ++kx) {
          T* at = to + (x * S + kx * D) * channels;
          store<L>(at, load<L>(at) + row[kx] * gradient);
        }
      }
    }
  }
}

}  // namespace nas::NAS_ISA
