#pragma once

#include <algorithm>

#include "nas/kernels/cpu_kernels.hpp"
#include "nas/kernels/cpu_vector.hpp"

namespace nas::NAS_ISA {

/// Calls with_vector(c) for whole vectors of channels, then with_element(c) for each that is left.
template <int L, class Wide, class Single>
inline __attribute__((always_inline)) void over_channels(int64_t channels, Wide with_vector,
                                                         Single with_element) {
  int64_t c = 0;
  for (; c + L <= channels; c += L) with_vector(c);
  for (; c < channels; ++c) with_element(c);
}

/// Zeros around [height][width][channels], which stays.
template <class T>
void zero_border(T* framed, int64_t height, int64_t width, int64_t channels, int64_t frame) {
  const int64_t line = (width + 2 * frame) * channels;
  const int64_t side = frame * channels;
  std::fill_n(framed, frame * line + side, T(0));
  T* row = framed + frame * line + side;
  for (int64_t y = 0; y + 1 < height; ++y, row += line) {
    std::fill_n(row + width * channels, 2 * side, T(0));
  }
  std::fill_n(row + width * channels, side + frame * line, T(0));
}

/// The W channels from `c` on of one row; `step` elements lie between two pixels of the result.
template <int W, class T>
inline __attribute__((always_inline)) void frame_row(const FrameInput<T>& input, int64_t y,
                                                     int64_t c, int64_t step, T* to) {
  using V = Vector<T, W>;
  const auto relu = [](V value) { return value < V{} ? V{} : value; };  // a NaN stays one
  const int64_t apart = input.x.step;
  const T* from = input.x.at + y * input.width * apart + c;
  if (input.scale == nullptr) {
    for (int64_t x = 0; x < input.width; ++x) {
      store<W>(to + x * step + c, relu(load<W>(from + x * apart)));
    }
    return;
  }
  const V scale = load<W>(input.scale + c);
  const V shift = load<W>(input.shift + c);
  for (int64_t x = 0; x < input.width; ++x) {
    store<W>(to + x * step + c, relu(load<W>(from + x * apart) * scale + shift));
  }
}

template <int L, class T>
void frame(const FrameInput<T>& input, T* framed) {
  const int64_t step = padded(input.channels, L);
  const int64_t line = (input.width + 2 * input.frame) * step;
  if (step != input.channels) {
    std::fill_n(framed, (input.height + 2 * input.frame) * line, T(0));
  } else {
    zero_border(framed, input.height, input.width, step, input.frame);
  }
  for (int64_t y = 0; y < input.height; ++y) {
    T* to = framed + (y + input.frame) * line + input.frame * step;
    over_channels<L>(
        input.channels, [&](int64_t c) { frame_row<L>(input, y, c, step, to); },
        [&](int64_t c) { frame_row<1>(input, y, c, step, to); });
  }
}

/// The pixels of one row; dx, x, relu and gradient are at its first one.
template <int W, class T>
inline __attribute__((always_inline)) void relu_backward_row(const ReluBackward<T>& work,
                                                             const T* x, const T* relu,
                                                             const T* gradient, T* dx, int64_t step,
                                                             T* sums) {
  using V = Vector<T, W>;
  const int64_t x_step = work.input.x.step;
  const int64_t dx_step = work.dx.step;
  const int64_t width = work.input.width;
  const bool accumulate = work.accumulate;
  V sum{};
  V products{};
  for (int64_t i = 0; i < width; ++i) {
    V value = load<W>(relu + i * step) > V{} ? load<W>(gradient + i * step) : V{};
    sum += value;
    if (sums != nullptr) products += value * load<W>(x + i * x_step);
    if (accumulate) value += load<W>(dx + i * dx_step);
    store<W>(dx + i * dx_step, value);
  }
  if (sums == nullptr) return;
  store<W>(sums, load<W>(sums) + sum);
  store<W>(sums + step, load<W>(sums + step) + products);
}

template <int L, class T>
void relu_backward(const ReluBackward<T>& work) {
  const FrameInput<T>& input = work.input;
  const int64_t step = padded(input.channels, L);
  const int64_t line = (input.width + 2 * input.frame) * step;
  for (int64_t y = 0; y < input.height; ++y) {
    const T* x = input.x.at + y * input.width * input.x.step;
    T* dx = work.dx.at + y * input.width * work.dx.step;
    const T* relu = work.framed + (y + input.frame) * line + input.frame * step;
    const T* gradient = work.gradient + y * input.width * step;
    const auto run = [&]<int W>(int64_t c) {
      relu_backward_row<W>(work, x + c, relu + c, gradient + c, dx + c, step,
                           work.sums == nullptr ? nullptr : work.sums + c);
    };
    over_channels<L>(
        input.channels, [&](int64_t c) { run.template operator()<L>(c); },
        [&](int64_t c) { run.template operator()<1>(c); });
  }
}

}  // namespace nas::NAS_ISA
