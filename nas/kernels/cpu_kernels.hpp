#pragma once

#include <cstdint>

#include "nas/kernels/separable_shape.hpp"

/// \file
/// The CPU kernels as plain functions over one sample, in memory as [height][width][channels]
/// ("channels last"). Arrays marked "padded" have their channels rounded up to a multiple of
/// `lanes`, with zeros there. Nothing here is thread-shared: each thread has its own scratch.
/// Vectors are fastest where padded arrays start at a multiple of 64 bytes.

namespace nas {

/// The pixels of a sample, [height][width][channels], which may be some channels of a wider one.
template <class T>
struct Pixels {
  T* at = nullptr;
  int64_t step = 0;  // elements between two pixels
};

/// A sample on its way into depthwise convolutions: relu(x'), where x' = x, or scale * x + shift
/// where `scale` is given.
template <class T>
struct FrameInput {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;
  int64_t frame = 0;  // zeros on every side
  Pixels<const T> x;
  const T* scale = nullptr;  // padded [channels], or null
  const T* shift = nullptr;  // padded [channels], or null
};

/// relu(x') of a sample with its frame, which several convolutions may share.
template <class T>
struct Framed {
  const T* values = nullptr;  // padded [height + 2 frame][width + 2 frame][channels]
  int64_t frame = 0;          // at least as wide as whoever reads it needs
};

/// Depthwise convolution, or another way to spread a pixel over `spread` channels (twice the padded
/// `in` for diagonals, 16 times for tiles, else as many), and pointwise convolution. The weights of
/// tiles are pack_tiles()'.
template <class T>
struct SeparableForward {
  SeparableShape shape;
  Framed<T> input;
  const T* depthwise = nullptr;  // padded [kernel][kernel][in]; null where there is none
  const T* pointwise = nullptr;  // padded [spread][out]
  T* z = nullptr;                // [out_height][out_width][out]: the result
  T* sums = nullptr;             // padded [2][out]: gets sum and sum of squares of z added
  T* scratch = nullptr;          // separable_scratch() elements
};

/// The gradient of the result is dz = a * g + b * z + c, per channel.
template <class T>
struct SeparableBackward {
  SeparableShape shape;
  Framed<T> input;
  const T* depthwise = nullptr;   // padded [kernel][kernel][in]; null where there is none
  const T* flipped = nullptr;     // the same, the kernel reversed
  const T* transposed = nullptr;  // padded [out][spread]: the pointwise weights; for tiles reversed
  Pixels<const T> g;              // [out_height][out_width][out]
  const T* z = nullptr;           // the same, nothing between its pixels
  const T* a = nullptr;           // padded [out]
  const T* b = nullptr;
  const T* c = nullptr;
  T* gradient = nullptr;     // padded [height][width][in]: of the input
  bool accumulate = false;   // whether `gradient` is added to or overwritten
  T* d_depthwise = nullptr;  // padded [kernel][kernel][in]: added to; null where not wanted
  T* d_pointwise = nullptr;  // padded [spread][out]: added to; null where not wanted
  T* scratch = nullptr;      // separable_scratch() elements
};

/// Takes a gradient through ReLU.
template <class T>
struct ReluBackward {
  FrameInput<T> input;
  const T* framed = nullptr;    // what frame() made of it
  const T* gradient = nullptr;  // padded [height][width][channels]
  Pixels<T> dx;                 // gradient of x'
  bool accumulate = false;      // whether dx is added to or overwritten
  T* sums = nullptr;            // padded [2][channels]: gets the sums of dx and of dx * x added;
                                // may be null
};

/// 3x3 windows with padding 1, or 2x2 windows side by side. What lies outside counts in neither the
/// largest nor the mean.
struct PoolShape {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;
  int64_t stride = 1;  // 2 with windows of 2
  int64_t window = 3;
  int64_t out_height() const { return (height - 1) / stride + 1; }
  int64_t out_width() const { return (width - 1) / stride + 1; }
};

enum class Pool { largest, mean };

template <class T>
struct PoolForward {
  PoolShape shape;
  Pool pool = Pool::largest;
  Pixels<const T> x;
  T* y = nullptr;        // [out_height][out_width][channels]: the result
  T* sums = nullptr;     // [2][channels]: gets sum and sum of squares of y added
  T* scratch = nullptr;  // [width][channels]
};

/// The gradient of y is a * g + b * y + c, per channel. That of the largest of equals is the first
/// one's.
template <class T>
struct PoolBackward {
  PoolShape shape;
  Pool pool = Pool::largest;
  Pixels<const T> x;
  const T* y = nullptr;  // [out_height][out_width][channels]
  Pixels<const T> g;     // the same
  const T* a = nullptr;  // [channels]
  const T* b = nullptr;
  const T* c = nullptr;
  Pixels<T> dx;          // added to
  T* scratch = nullptr;  // [width][channels]
};

/// out[p][c] = constant[c] + sum_k factors[k][c] * terms[k][p][c]; `out` may be one of the terms.
template <class T>
struct WeightedSum {
  int64_t pixels = 0;
  int64_t channels = 0;
  int64_t count = 0;  // of terms
  const Pixels<const T>* terms = nullptr;
  const T* const* factors = nullptr;  // a row of [channels] for each term
  const T* constant = nullptr;        // [channels]
  Pixels<T> out;
};

/// sums[0][c] += sum_p g[p][c], and sums[1 + k][c] += sum_p g[p][c] * terms[k][p][c].
template <class T>
struct ProductSums {
  int64_t pixels = 0;
  int64_t channels = 0;
  Pixels<const T> g;
  int64_t count = 0;  // of terms
  const Pixels<const T>* terms = nullptr;
  T* sums = nullptr;  // [1 + count][channels]
};

/// Channel j of group i becomes channel i of group j.
template <class T>
struct ChannelShuffle {
  int64_t pixels = 0;
  int64_t groups = 1;
  int64_t size = 0;   // of a group
  Pixels<const T> x;  // [groups * size]
  Pixels<T> out;      // [size * groups]; elsewhere
};

/// One instruction set's kernels for elements T.
template <class T>
struct CpuKernels {
  int64_t lanes = 1;
  /// Fills frame_elements() elements.
  void (*frame)(const FrameInput<T>&, T* framed) = nullptr;
  void (*relu_backward)(const ReluBackward<T>&) = nullptr;
  void (*separable_forward)(const SeparableForward<T>&) = nullptr;
  void (*separable_backward)(const SeparableBackward<T>&) = nullptr;
  void (*pool_forward)(const PoolForward<T>&) = nullptr;
  void (*pool_backward)(const PoolBackward<T>&) = nullptr;
  void (*weighted_sum)(const WeightedSum<T>&) = nullptr;
  void (*product_sums)(const ProductSums<T>&) = nullptr;
  void (*shuffle)(const ChannelShuffle<T>&) = nullptr;
};

/// The best kernels for this processor and so many channels. Whatever it chooses, results differ in
/// rounding alone.
template <class T>
const CpuKernels<T>& cpu_kernels(int64_t channels);

/// Those for arrays of so many channels, none of them padded.
template <class T>
const CpuKernels<T>& unpadded_kernels(int64_t channels) {
  constexpr int64_t kFewest = 4;
  const CpuKernels<T>& best = cpu_kernels<T>(channels);
  const bool leaves_some = channels % best.lanes != 0;
  return leaves_some && channels % kFewest == 0 ? cpu_kernels<T>(kFewest) : best;
}

constexpr int64_t padded(int64_t channels, int64_t lanes) {
  return (channels + lanes - 1) / lanes * lanes;
}

/// Elements of a sample with its frame.
template <class T>
int64_t frame_elements(const FrameInput<T>& input, int64_t lanes) {
  return (input.height + 2 * input.frame) * (input.width + 2 * input.frame) *
         padded(input.channels, lanes);
}

/// Elements of scratch that one convolution of a sample needs.
int64_t separable_scratch(const SeparableShape& shape, int64_t lanes);

}  // namespace nas
