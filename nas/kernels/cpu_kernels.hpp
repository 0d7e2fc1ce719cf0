#pragma once

#include <cstdint>

#include "nas/kernels/separable_shape.hpp"

/// \file
/// The CPU kernels as plain functions over one sample, in memory as [height][width][channels]
/// ("channels last"). Arrays marked "padded" have their channels rounded up to a multiple of
/// `lanes`, with zeros there. Nothing here is thread-shared: each thread has its own scratch.

namespace nas {

/// Puts x' = x, or scale * x + shift where `scale` is given, through ReLU, depthwise and pointwise
/// convolution.
template <class T>
struct SeparableInput {
  SeparableShape shape;
  const T* x = nullptr;          // [height][width][in]
  const T* scale = nullptr;      // padded [in], or null
  const T* shift = nullptr;      // padded [in], or null
  const T* depthwise = nullptr;  // padded [kernel][kernel][in]
  const T* pointwise = nullptr;  // padded [in][out]
  T* scratch = nullptr;          // separable_scratch() elements
};

template <class T>
struct SeparableForward {
  SeparableInput<T> input;
  T* z = nullptr;     // [out_height][out_width][out]: the result
  T* sums = nullptr;  // padded [2][out]: gets sum and sum of squares of z added
};

/// The gradient of the result is dz = a * g + b * z + c, per channel.
template <class T>
struct SeparableBackward {
  SeparableInput<T> input;
  const T* flipped = nullptr;     // padded [kernel][kernel][in]: the depthwise weights reversed
  const T* transposed = nullptr;  // padded [out][in]: the pointwise weights
  const T* g = nullptr;           // [out_height][out_width][out]
  const T* z = nullptr;           // the same
  const T* a = nullptr;           // padded [out]
  const T* b = nullptr;
  const T* c = nullptr;
  T* dx = nullptr;           // [height][width][in]: gradient of x'
  bool accumulate = false;   // whether dx is added to or overwritten
  T* input_sums = nullptr;   // padded [2][in]: gets the sums of dx and of dx * x added; may be null
  T* d_depthwise = nullptr;  // padded [kernel][kernel][in]: added to; null where not wanted
  T* d_pointwise = nullptr;  // padded [in][out]: added to; null where not wanted
};

/// 3x3 windows with padding 1, which counts in neither the largest nor the mean.
struct PoolShape {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;
  int64_t stride = 1;
  int64_t out_height() const { return (height - 1) / stride + 1; }
  int64_t out_width() const { return (width - 1) / stride + 1; }
};

enum class Pool { largest, mean };

/// One instruction set's kernels for elements T.
template <class T>
struct CpuKernels {
  int64_t lanes = 1;
  void (*separable_forward)(const SeparableForward<T>&) = nullptr;
  void (*separable_backward)(const SeparableBackward<T>&) = nullptr;
  /// y[p][channel] = the pool of x.
  void (*pool_forward)(const PoolShape&, Pool, const T* x, T* y) = nullptr;
  /// dx += the gradient of x where that of y is a * g + b * y + c, per channel [channels]. The
  /// largest of equals is the first.
  void (*pool_backward)(const PoolShape&, Pool, const T* x, const T* y, const T* g,
                        const T* const* abc, T* dx) = nullptr;
  /// out[p][c] = constant[c] + sum_k factors[k][c] * terms[k][p][c] over `pixels`.
  void (*weighted_sum)(int64_t pixels, int64_t channels, int64_t count, const T* const* terms,
                       const T* const* factors, const T* constant, T* out) = nullptr;
  /// sums[c] += sum_p g[p][c] * term[p][c]; with a null term sums[c] += sum_p g[p][c].
  void (*product_sums)(int64_t pixels, int64_t channels, const T* g, const T* term,
                       T* sums) = nullptr;
};

/// The best kernels for this processor and so many channels. Whatever it chooses, results differ in
/// rounding alone.
template <class T>
const CpuKernels<T>& cpu_kernels(int64_t channels);

/// Elements of scratch that a sample needs.
int64_t separable_scratch(const SeparableShape& shape, int64_t lanes);

constexpr int64_t padded(int64_t channels, int64_t lanes) {
  return (channels + lanes - 1) / lanes * lanes;
}

}  // namespace nas
