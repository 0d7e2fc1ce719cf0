#pragma once

#include <algorithm>

#include "nas/kernels/cpu_depthwise.hpp"
#include "nas/kernels/cpu_frame.hpp"
#include "nas/kernels/cpu_kernels.hpp"
#include "nas/kernels/cpu_matrix.hpp"

namespace nas::NAS_ISA {

/// Sizes of one sample's buffers, channels padded.
struct SeparableSizes {
  SeparableSizes(const SeparableShape& shape, int64_t lanes)
      : in(padded(shape.in_channels, lanes)),
        spread(shape.spread_channels(in)),
        out(padded(shape.out_channels, lanes)),
        padding(shape.padding()),
        line((shape.width + 2 * padding) * in),
        framed((shape.height + 2 * padding) * line),
        out_line((shape.out_width() + 2 * padding) * in),
        out_framed((shape.out_height() + 2 * padding) * out_line),
        row(shape.out_width()) {}

  int64_t in, spread, out, padding;
  int64_t line, framed;          // of the input's gradient with a frame as wide as the padding
  int64_t out_line, out_framed;  // of the depthwise output's gradient with such a frame
  int64_t row;                   // pixels in a row of outputs
};

/// Where the windows of a framed input start.
template <class T>
struct Windows {
  Windows(const Framed<T>& input, const SeparableShape& shape, int64_t channels)
      : line((shape.width + 2 * input.frame) * channels),
        first(input.values + (input.frame - shape.padding()) * (line + channels)) {}

  int64_t line;  // elements between two rows
  const T* first;
};

/// Adds the sums and sums of squares of `pixels` rows of padded `channels`.
template <int L, class T>
void add_sums(const T* rows, int64_t pixels, int64_t channels, T* sums) {
  using V = Vector<T, L>;
  for (int64_t c = 0; c < channels; c += L) {
    V sum = load<L>(sums + c);
    V squares = load<L>(sums + channels + c);
    for (int64_t p = 0; p < pixels; ++p) {
      const V value = load<L>(rows + p * channels + c);
      sum += value;
      squares += value * value;
    }
    store<L>(sums + c, sum);
    store<L>(sums + channels + c, squares);
  }
}

/// Drops the padding of channels.
template <class T>
void copy_unpadded(const T* rows, int64_t pixels, int64_t padded_channels, int64_t channels,
                   T* out) {
  for (int64_t p = 0; p < pixels; ++p) {
    for (int64_t c = 0; c < channels; ++c) out[p * channels + c] = rows[p * padded_channels + c];
  }
}

/// The pointwise convolution of row `y`, and its sums; `row` is memory for it.
template <int L, class T>
void result_row(const SeparableForward<T>& work, const SeparableSizes& sizes, int64_t y,
                const T* spread, T* row) {
  const int64_t channels = work.shape.out_channels;
  T* z = work.z + y * sizes.row * channels;
  if (sizes.out == channels) row = z;
  matrix_product<L>(spread, work.pointwise, row, {sizes.row, sizes.spread, sizes.out},
                    /*add=*/false);
  add_sums<L>(row, sizes.row, sizes.out, work.sums);
  if (row != z) copy_unpadded(row, sizes.row, sizes.out, channels, z);
}

template <int L, int K, int S, int D, class T>
void separable_forward(const SeparableForward<T>& work) {
  const SeparableSizes sizes(work.shape, L);
  const Windows<T> windows(work.input, work.shape, sizes.in);
  T* spread = work.scratch;
  for (int64_t y = 0; y < work.shape.out_height(); ++y) {
    depthwise_row<L, K, S, D, /*Add=*/false>(windows.first + y * S * windows.line, sizes.in,
                                             windows.line, work.depthwise, spread, sizes.row);
    result_row<L>(work, sizes, y, spread, spread + sizes.row * sizes.in);
  }
}

/// a * g + b * z + c for one row, channels padded. What the next row will read is fetched: too much
/// happens in between for the processor to see that it comes.
template <int L, class T>
void result_gradient(const SeparableBackward<T>& work, const SeparableSizes& sizes, int64_t y,
                     T* row) {
  const int64_t channels = work.shape.out_channels;
  const int64_t apart = work.g.step;
  const T* g = work.g.at + y * sizes.row * apart;
  const T* z = work.z + y * sizes.row * channels;
  const auto put = [&]<int W>(int64_t c) {
    const auto a = load<W>(work.a + c);
    const auto b = load<W>(work.b + c);
    const auto constant = load<W>(work.c + c);
    for (int64_t x = 0; x < sizes.row; ++x) {
      prefetch(z + (sizes.row + x) * channels + c);
      prefetch(g + (sizes.row + x) * apart + c);
      store<W>(row + x * sizes.out + c,
               a * load<W>(g + x * apart + c) + b * load<W>(z + x * channels + c) + constant);
    }
  };
  if (sizes.out != channels) std::fill_n(row, sizes.row * sizes.out, T(0));
  over_channels<L>(
      channels, [&](int64_t c) { put.template operator()<L>(c); },
      [&](int64_t c) { put.template operator()<1>(c); });
}

/// Gradients of the pointwise weights from one row of gradients of results.
template <int L, class T>
void pointwise_weights(const SeparableBackward<T>& work, const SeparableSizes& sizes,
                       const T* spread, const T* row) {
  if (work.d_pointwise == nullptr) return;
  add_transposed_product<L>(spread, row, work.d_pointwise, {sizes.spread, sizes.row, sizes.out});
}

/// Adds or copies the inner rows of a framed gradient.
template <int L, class T>
void take_framed(const SeparableBackward<T>& work, const SeparableSizes& sizes, const T* framed) {
  const int64_t count = work.shape.width * sizes.in;
  for (int64_t y = 0; y < work.shape.height; ++y) {
    const T* from = framed + (y + sizes.padding) * sizes.line + sizes.padding * sizes.in;
    T* to = work.gradient + y * count;
    for (int64_t i = 0; i < count; i += L) {
      store<L>(to + i, work.accumulate ? load<L>(to + i) + load<L>(from + i) : load<L>(from + i));
    }
  }
}

/// The gradient of the input from that of the depthwise output, framed: for stride 1 a convolution.
template <int L, int K, int D, class T>
void gather_gradient(const SeparableBackward<T>& work, const SeparableSizes& sizes,
                     const T* spread_gradient) {
  const int64_t width = work.shape.width;
  for (int64_t y = 0; y < work.shape.height; ++y) {
    const T* from = spread_gradient + y * sizes.out_line;
    T* to = work.gradient + y * width * sizes.in;
    if (work.accumulate) {
      depthwise_row<L, K, 1, D, /*Add=*/true>(from, sizes.in, sizes.out_line, work.flipped, to,
                                              width);
    } else {
      depthwise_row<L, K, 1, D, /*Add=*/false>(from, sizes.in, sizes.out_line, work.flipped, to,
                                               width);
    }
  }
}

template <int L, int K, int S, int D, class T>
void separable_backward(const SeparableBackward<T>& work) {
  const SeparableShape& shape = work.shape;
  const SeparableSizes sizes(shape, L);
  const Windows<T> windows(work.input, shape, sizes.in);
  T* spread = work.scratch;
  T* row = spread + sizes.row * sizes.in;
  T* spread_gradient = row + sizes.row * sizes.out;
  T* input_gradient = spread_gradient + sizes.out_framed;  // used for strides alone
  zero_border(spread_gradient, shape.out_height(), sizes.row, sizes.in, sizes.padding);
  if (S > 1) std::fill_n(input_gradient, sizes.framed, T(0));
  for (int64_t y = 0; y < shape.out_height(); ++y) {
    const T* from = windows.first + y * S * windows.line;
    T* d = spread_gradient + (y + sizes.padding) * sizes.out_line + sizes.padding * sizes.in;
    result_gradient<L>(work, sizes, y, row);
    matrix_product<L>(row, work.transposed, d, {sizes.row, sizes.out, sizes.in}, /*add=*/false);
    if (work.d_pointwise != nullptr) {
      depthwise_row<L, K, S, D, /*Add=*/false>(from, sizes.in, windows.line, work.depthwise, spread,
                                               sizes.row);
      pointwise_weights<L>(work, sizes, spread, row);
      depthwise_weight_row<L, K, S, D>(from, sizes.in, windows.line, d, work.d_depthwise,
                                       sizes.row);
    }
    if (S > 1) {
      depthwise_scatter_row<L, K, S, D>(d, sizes.in, sizes.line, work.depthwise,
                                        input_gradient + y * S * sizes.line, sizes.row);
    }
  }
  if (S > 1) {
    take_framed<L>(work, sizes, input_gradient);
  } else {
    gather_gradient<L, K, D>(work, sizes, spread_gradient);
  }
}

}  // namespace nas::NAS_ISA
