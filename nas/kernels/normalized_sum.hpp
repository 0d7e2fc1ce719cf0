#pragma once

#include <torch/types.h>

#include <optional>
#include <span>

#include "nas/kernels/branch_sum.hpp"

namespace nas {

/// One term of a sum: factor * norm(y).
struct SumTerm {
  torch::Tensor y;                  // [N, C, H, W]
  std::optional<NormWeights> norm;  // nothing: y as it is
  torch::Tensor factor;             // a scalar on y's device; undefined: 1
};

/// The sum of at most kMostTerms terms of one shape, in float, double or bfloat16 (weights, factors
/// and running statistics in float, of double terms in double), with the gradients of everything:
/// the statistics of all terms in one pass over memory, the sum in another; the sums that gradients
/// need in one, the gradients in another. Nothing is read back from the device. The same bits each
/// time. Runs on CUDA, and, slowly, on the CPU.
torch::Tensor normalized_sum(std::span<const SumTerm> terms, const NormPass& pass);

}  // namespace nas
