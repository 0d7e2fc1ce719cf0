#pragma once

#include "nas/kernels/cpu_depthwise.hpp"
#include "nas/kernels/cpu_kernels.hpp"
#include "nas/kernels/cpu_matrix.hpp"

namespace nas::NAS_ISA {

/// Sizes of one sample's buffers, channels padded.
struct SeparableSizes {
  SeparableSizes(const SeparableShape& shape, int64_t lanes)
      : in(padded(shape.in_channels, lanes)),
        out(padded(shape.out_channels, lanes)),
        padding(shape.padding()),
        line((shape.width + 2 * padding) * in),
        framed((shape.height + 2 * padding) * line),
        out_line((shape.out_width() + 2 * padding) * in),
        out_framed((shape.out_height() + 2 * padding) * out_line),
        row(shape.out_width()) {}

  int64_t in, out, padding;
  int64_t line, framed;          // of the input with its frame of zeros
  int64_t out_line, out_framed;  // of the depthwise output's gradient with such a frame
  int64_t row;                   // pixels in a row of outputs
};

template <class T>
void fill_zeros(T* at, int64_t count) {
  for (int64_t i = 0; i < count; ++i) at[i] = 0;
}

/// Calls with_vector(c) for whole vectors of channels, then with_element(c) for each that is left.
template <int L, class Wide, class Single>
inline __attribute__((always_inline)) void over_channels(int64_t channels, Wide with_vector,
                                                         Single with_element) {
  int64_t c = 0;
  for (; c + L <= channels; c += L) with_vector(c);
  for (; c < channels; ++c) with_element(c);
}

/// relu(scale * x + shift) of a sample, framed by zeros, channels padded.
template <int L, class T>
void frame_input(const SeparableInput<T>& input, const SeparableSizes& sizes, T* framed) {
  const SeparableShape& shape = input.shape;
  fill_zeros(framed, sizes.framed);
  const bool scaled = input.scale != nullptr;
  const auto put = [&]<int W>(const T* from, T* to, int64_t c) {
    using V = Vector<T, W>;
    V value = load<W>(from + c);
    if (scaled) value = value * load<W>(input.scale + c) + load<W>(input.shift + c);
    store<W>(to + c, value < V{} ? V{} : value);  // a NaN stays one
  };
  for (int64_t y = 0; y < shape.height; ++y) {
    const T* from = input.x + y * shape.width * shape.in_channels;
    T* to = framed + (y + sizes.padding) * sizes.line + sizes.padding * sizes.in;
    for (int64_t x = 0; x < shape.width; ++x, from += shape.in_channels, to += sizes.in) {
      over_channels<L>(
          shape.in_channels, [&](int64_t c) { put.template operator()<L>(from, to, c); },
          [&](int64_t c) { put.template operator()<1>(from, to, c); });
    }
  }
}

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

template <int L, int K, int S, int D, class T>
void separable_forward(const SeparableForward<T>& work) {
  const SeparableShape& shape = work.input.shape;
  const SeparableSizes sizes(shape, L);
  T* framed = work.input.scratch;
  T* spread = framed + sizes.framed;
  T* row = spread + sizes.row * sizes.in;
  frame_input<L>(work.input, sizes, framed);
  for (int64_t y = 0; y < shape.out_height(); ++y) {
    depthwise_row<L, K, S, D>(framed + y * S * sizes.line, sizes.in, sizes.line,
                              work.input.depthwise, spread, sizes.row);
    matrix_product<L>(spread, sizes.in, 1, work.input.pointwise, sizes.out, sizes.in, row,
                      sizes.out, sizes.row, sizes.out, /*add=*/false);
    add_sums<L>(row, sizes.row, sizes.out, work.sums);
    copy_unpadded(row, sizes.row, sizes.out, shape.out_channels,
                  work.z + y * sizes.row * shape.out_channels);
  }
}

/// a * g + b * z + c for one row, channels padded.
template <int L, class T>
void result_gradient(const SeparableBackward<T>& work, const SeparableSizes& sizes, int64_t y,
                     T* row) {
  const int64_t channels = work.input.shape.out_channels;
  const T* g = work.g + y * sizes.row * channels;
  const T* z = work.z + y * sizes.row * channels;
  const auto put = [&]<int W>(T* to, int64_t c) {
    store<W>(to + c, load<W>(work.a + c) * load<W>(g + c) + load<W>(work.b + c) * load<W>(z + c) +
                         load<W>(work.c + c));
  };
  if (sizes.out != channels) fill_zeros(row, sizes.row * sizes.out);
  for (int64_t x = 0; x < sizes.row; ++x, g += channels, z += channels, row += sizes.out) {
    over_channels<L>(
        channels, [&](int64_t c) { put.template operator()<L>(row, c); },
        [&](int64_t c) { put.template operator()<1>(row, c); });
  }
}

/// Where the framed input was cut off by ReLU the gradient is 0; the rest goes into dx.
template <int L, class T>
void write_input_gradient(const SeparableBackward<T>& work, const SeparableSizes& sizes, int64_t y,
                          const T* framed, const T* gradient) {
  const SeparableShape& shape = work.input.shape;
  const int64_t channels = shape.in_channels;
  const T* x = work.input.x + y * shape.width * channels;
  T* dx = work.dx + y * shape.width * channels;
  const T* relu = framed + (y + sizes.padding) * sizes.line + sizes.padding * sizes.in;
  const auto put = [&]<int W>(int64_t c) {
    using V = Vector<T, W>;
    V value = load<W>(relu + c) > V{} ? load<W>(gradient + c) : V{};
    if (work.input_sums != nullptr) {
      T* sum = work.input_sums + c;
      store<W>(sum, load<W>(sum) + value);
      sum += sizes.in;
      store<W>(sum, load<W>(sum) + value * load<W>(x + c));
    }
    if (work.accumulate) value += load<W>(dx + c);
    store<W>(dx + c, value);
  };
  for (int64_t i = 0; i < shape.width; ++i) {
    over_channels<L>(
        channels, [&](int64_t c) { put.template operator()<L>(c); },
        [&](int64_t c) { put.template operator()<1>(c); });
    x += channels;
    dx += channels;
    relu += sizes.in;
    gradient += sizes.in;
  }
}

template <int L, int K, int S, int D, class T>
void separable_backward(const SeparableBackward<T>& work) {
  const SeparableShape& shape = work.input.shape;
  const SeparableSizes sizes(shape, L);
  T* framed = work.input.scratch;
  T* spread = framed + sizes.framed;
  T* row = spread + sizes.row * sizes.in;
  // Framed, so that for stride 1 the gradient of the input is a convolution of it.
  T* spread_gradient = row + sizes.row * sizes.out;
  T* input_gradient = spread_gradient + sizes.out_framed;
  frame_input<L>(work.input, sizes, framed);
  fill_zeros(spread_gradient, sizes.out_framed);
  if (S > 1) fill_zeros(input_gradient, sizes.framed);
  for (int64_t y = 0; y < shape.out_height(); ++y) {
    const T* from = framed + y * S * sizes.line;
    T* d = spread_gradient + (y + sizes.padding) * sizes.out_line + sizes.padding * sizes.in;
    result_gradient<L>(work, sizes, y, row);
    matrix_product<L>(row, sizes.out, 1, work.transposed, sizes.in, sizes.out, d, sizes.in,
                      sizes.row, sizes.in, /*add=*/false);
    if (work.d_pointwise != nullptr) {
      depthwise_row<L, K, S, D>(from, sizes.in, sizes.line, work.input.depthwise, spread,
                                sizes.row);
      matrix_product<L>(spread, 1, sizes.in, row, sizes.out, sizes.row, work.d_pointwise, sizes.out,
                        sizes.in, sizes.out, /*add=*/true);
      depthwise_weight_row<L, K, S, D>(from, sizes.in, sizes.line, d, work.d_depthwise, sizes.row);
    }
    if (S > 1) {
      depthwise_scatter_row<L, K, S, D>(d, sizes.in, sizes.line, work.input.depthwise,
                                        input_gradient + y * S * sizes.line, sizes.row);
    }
  }
  for (int64_t y = 0; y < shape.height; ++y) {
    const T* gradient =
        input_gradient + (y + sizes.padding) * sizes.line + sizes.padding * sizes.in;
    if (S == 1) {
      depthwise_row<L, K, 1, D>(spread_gradient + y * sizes.out_line, sizes.in, sizes.out_line,
                                work.flipped, input_gradient, shape.width);
      gradient = input_gradient;
    }
    write_input_gradient<L>(work, sizes, y, framed, gradient);
  }
}

}  // namespace nas::NAS_ISA
