#pragma once

#include <cstdint>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas {

/// An average pool as a depthwise convolution with weights of 1 / kernel^2, which runtimes have
/// fast in int8 where they lack a fast pool, and a factor at each place [height][width]: where the
/// window reaches into padding, which is no part of the mean, it covers fewer numbers.
struct MeanConvolution {
  /// All 1: no padding is read.
  bool plain = true;
  /// The factors are `factors` / `one`; at most `most`.
  std::vector<int64_t> factors;
  int64_t one = 1;
};

/// `most`: the largest whole number that a factor may be.
MeanConvolution mean_convolution(const AveragePool& layer, const Shape& from, const Shape& to,
                                 int64_t most);

}  // namespace nas
