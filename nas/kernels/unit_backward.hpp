#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "nas/kernels/batch_statistics.hpp"
#include "nas/kernels/graph_run.hpp"
#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/sample_memory.hpp"

namespace nas {

/// Gradients of one unit's weights; undefined where not wanted.
struct UnitGradients {
  torch::Tensor depthwise, pointwise, shifted;
  std::vector<double> norm_weight, norm_bias;
};

/// The gradient a * g + b * z + c of a batch norm's input, as the kernels read it.
template <class T>
struct Coefficients {
  std::vector<T> a, b, c;
};

template <class T>
Coefficients<T> coefficients(const NormGradient& gradient, int64_t padded_channels);

/// One unit on its way back. The gradient of a first unit's input goes to whoever runs it.
template <class T>
struct UnitPass {
  size_t branch = 0;
  size_t index = 0;
  const UnitRun<T>* unit = nullptr;
  ImageView g;       // gradient of its batch norm's output
  torch::Tensor dx;  // gradient of a later unit's input, which its norm has normalized
  Coefficients<T> norm;
  std::vector<T> samples;  // what g is multiplied with, by sample; empty: 1
  std::vector<T> flipped, transposed;
  // By chunk; the weights' empty where not wanted, the sums' empty for a branch's first unit.
  ChunkSums<T> d_depthwise, d_pointwise;
  ChunkSums<double> input_sums;  // of the gradient, and of it times the input
};

/// Where a pass begins: `g` is the gradient of the unit's batch norm's output, `norm` that norm's.
struct UnitStart {
  size_t branch = 0;
  size_t index = 0;
  ImageView g;
  NormGradient norm;
};

/// With memory for sums of `chunks`, of weights where these are wanted.
struct UnitPassSetting {
  int64_t chunks = 1;
  bool weights = true;
};
template <class T>
UnitPass<T> unit_pass(const GraphRun<T>& run, const UnitStart& start,
                      const UnitPassSetting& setting);

/// A sample of one chunk on its way.
template <class T>
struct SamplePass {
  int64_t chunk = 0;
  int64_t n = 0;
  SampleMemory<T> memory;
};

/// Whether a gradient overwrites what is there or is added to it.
enum class Onto { nothing, gradient };

/// The gradient of what memory.framed holds, into memory.gradient.
template <class T>
void run_unit(UnitPass<T>& pass, const SamplePass<T>& at, Onto onto);

/// A later unit, through the ReLU before it, with the sums that its input's norm needs.
template <class T>
void run_later_unit(const GraphRun<T>& run, UnitPass<T>& pass, const SamplePass<T>& at);

/// Adds a unit's sums up: the gradients of its weights, undefined where not wanted.
template <class T>
void collect(const UnitPass<T>& pass, UnitGradients& gradients);

}  // namespace nas
