#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "nas/kernels/batch_statistics.hpp"
#include "nas/kernels/branch_run.hpp"
#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/sample_memory.hpp"

namespace nas {

/// The gradient a * g + b * z + c of a batch norm's input, as the kernels read it.
template <class T>
struct Coefficients {
  std::vector<T> a, b, c;
};

template <class T>
Coefficients<T> coefficients(const NormGradient& gradient, int64_t padded_channels);

/// One unit on its way back.
template <class T>
struct UnitPass {
  const BranchRun<T>* branch = nullptr;
  size_t index = 0;
  torch::Tensor g;         // gradient of its batch norm's output
  torch::Tensor dx;        // where the gradient of its input goes
  bool accumulate = true;  // whether a first unit's is added to what is there
  Coefficients<T> norm;
  std::vector<T> flipped, transposed;
  // By chunk; the weights' empty where not wanted, the sums' empty for a branch's first unit.
  ChunkSums<T> d_depthwise, d_pointwise;
  ChunkSums<double> input_sums;  // of the gradient, and of it times the input

  const UnitRun<T>& unit() const { return branch->units[index]; }
};

/// `g` is the gradient of the unit's batch norm's output, `norm` that norm's; `dx` is where that of
/// a first unit's input goes. With memory for sums of `chunks`, of weights where these are wanted.
struct UnitPassSetting {
  torch::Tensor g;
  const NormGradient& norm;
  torch::Tensor dx;
  int64_t chunks = 1;
  bool weights = true;
};
template <class T>
UnitPass<T> unit_pass(const BranchRun<T>& branch, size_t index, const UnitPassSetting& setting);

/// Puts those that share their input next to each other, as run_units() wants them.
template <class T>
void group_by_input(std::vector<UnitPass<T>>& passes);

template <class T>
SampleNeeds needs_of(const std::vector<UnitPass<T>>& passes);

/// Sample `n` back through units; the first ones over one input share a frame and a way through
/// ReLU.
template <class T>
void run_units(std::vector<UnitPass<T>>& passes, int64_t chunk, int64_t n,
               const SampleMemory<T>& memory);

/// Adds a unit's sums up: the gradients of its weights, undefined where not wanted.
template <class T>
void collect(const UnitPass<T>& pass, UnitGradients& gradients);

}  // namespace nas
