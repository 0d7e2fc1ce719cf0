#pragma once

#include <torch/types.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "nas/kernels/graph_run.hpp"

namespace nas {

/// Elements that one sample on its way through any of several branches needs.
struct SampleNeeds {
  int64_t framed = 0;
  int64_t gradient = 0;
  int64_t scratch = 0;

  /// Unit number `unit` of a branch, or its pool.
  template <class T>
  void cover(const BranchRun<T>& branch, size_t unit) {
    if (branch.pool) {
      scratch = std::max(scratch, branch.pool_shape.width * branch.pool_shape.channels);
    }
    if (branch.units.empty()) return;
    const UnitRun<T>& run = branch.units[unit];
    const SeparableShape& shape = run.shape;
    FrameInput<T> input;
    input.height = shape.height;
    input.width = shape.width;
    input.channels = shape.in_channels;
    input.frame = run.frame;
    framed = std::max(framed, frame_elements(input, run.kernels->lanes));
    gradient = std::max(gradient, shape.height * shape.width * run.in);
    scratch = std::max(scratch, separable_scratch(shape, run.kernels->lanes));
  }
};

/// Memory of one thread, at whole cache lines; what it holds is anyone's.
template <class T>
struct SampleMemory {
  T* framed = nullptr;
  T* gradient = nullptr;
  T* scratch = nullptr;
};
template <class T>
SampleMemory<T> sample_memory(const SampleNeeds& needs);

}  // namespace nas
