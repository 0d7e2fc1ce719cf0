#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "nas/kernels/batch_statistics.hpp"
#include "nas/kernels/branch_graph.hpp"
#include "nas/kernels/cpu_kernels.hpp"
#include "nas/kernels/image_view.hpp"

namespace nas {

/// Of the images that a graph is run over.
struct ImageShape {
  int64_t channels = 0;
  int64_t height = 0;
  int64_t width = 0;
  bool operator==(const ImageShape&) const = default;
};

/// One separable unit in one forward and backward pass.
template <class T>
struct UnitRun {
  SeparableUnit unit;
  SeparableShape shape;
  const CpuKernels<T>* kernels = nullptr;
  int64_t frame = 0;   // around its input
  int64_t in = 0;      // channels, padded
  int64_t spread = 0;  // what enters the pointwise convolution
  int64_t out = 0;
  std::vector<T> depthwise, pointwise;
  std::vector<T> scale, shift;  // of the unit's input; empty for a branch's first
  torch::Tensor z;              // [N, out, H, W], channels last
  BatchStatistics statistics;
};

/// One branch in one pass: units, a pool or, without either, the value that it reads itself.
template <class T>
struct BranchRun {
  size_t input = 0;  // number of the value that it reads
  size_t sum = 0;    // of that which it is a term of
  std::vector<UnitRun<T>> units;
  std::optional<Pool> pool;
  PoolShape pool_shape;
  std::optional<NormWeights> norm;            // where the branch has no units
  torch::Tensor pooled;                       // [N, C, H, W], channels last: what the pool gives
  std::optional<BatchStatistics> statistics;  // of the last batch norm
  double factor = 1;
  std::vector<T> samples;  // factor of each sample; empty: 1

  T sample_factor(int64_t n) const {
    return samples.empty() ? T(1) : samples[static_cast<size_t>(n)];
  }
};

/// A value in one pass.
struct ValueRun {
  ImageShape shape;
  ImageView image;                   // not there until it is computed
  std::vector<size_t> readers;       // branches over it
  std::vector<size_t> terms;         // of a sum: branches, in order
  std::vector<size_t> parts;         // of a concatenation: values, in order
  std::optional<size_t> whole;       // the concatenation that it is a part of
  std::vector<size_t> slices;        // values that are some of its channels
  std::optional<size_t> sliced;      // the value that it is some channels of
  int64_t first = 0;                 // where its channels start in the whole, or in what is sliced
  std::optional<size_t> shuffle;     // the value that holds its channels shuffled
  std::optional<size_t> unshuffled;  // the value whose channels it holds shuffled,
  int64_t groups = 1;                // in how many groups these are there
};

/// A graph over one batch.
template <class T>
struct GraphRun {
  GraphRun(const BranchGraph& graph, const NormPass& pass);

  NormPass pass;
  int64_t samples = 0;
  torch::TensorOptions options;
  size_t inputs = 0;
  std::vector<ValueRun> values;
  std::vector<BranchRun<T>> branches;  // sum by sum
  std::vector<size_t> outputs;

  torch::Tensor empty(const ImageShape& shape) const {
    return torch::empty({samples, shape.channels, shape.height, shape.width}, options,
                        torch::MemoryFormat::ChannelsLast);
  }
  /// A sample of what enters the sum times factor: the result before its batch norm where a branch
  /// has one.
  Pixels<const T> result(const BranchRun<T>& branch, int64_t n) const {
    if (!branch.units.empty()) return sample<T>(branch.units.back().z, n);
    return branch.pool ? sample<T>(branch.pooled, n) : sample<T>(values[branch.input].image, n);
  }
  /// Sample `n` as it enters a unit of a branch.
  FrameInput<T> unit_input(const BranchRun<T>& branch, size_t index, int64_t n) const;

 private:
  void add_value(ImageShape shape);
  void add(const GraphSum& sum);
  void add(const GraphConcatenation& concatenation);
  void add(const GraphSlice& slice);
  void add(const GraphShuffle& shuffle);
  ImageShape add(const SeparableBranch& branch, BranchRun<T>& run) const;
  ImageShape add(const PoolBranch& branch, BranchRun<T>& run) const;
  ImageShape add(const IdentityBranch& branch, BranchRun<T>& run) const;
  void share_frames();
};

/// Elements cast one by one, followed by zeros up to `size`.
template <class T>
std::vector<T> padded_values(const std::vector<double>& values, int64_t size) {
  std::vector<T> result(static_cast<size_t>(size));
  for (size_t i = 0; i < values.size(); ++i) result[i] = static_cast<T>(values[i]);
  return result;
}

/// Elements times a factor.
template <class T>
std::vector<T> scaled(std::vector<T> values, T factor) {
  for (T& value : values) value *= factor;
  return values;
}

/// A tensor [N, C, H, W] with channels last.
inline torch::Tensor channels_last(const torch::Tensor& x) {
  return x.contiguous(torch::MemoryFormat::ChannelsLast);
}

}  // namespace nas
