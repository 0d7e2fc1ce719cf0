#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nas/kernels/cpu_kernels.hpp"

namespace nas {

/// A pool of 3x3 windows with padding 1, which counts in neither the largest nor the mean, of x
/// [N, C, H, W] in float, double or bfloat16, with its gradient. The first of equals is the
/// largest. Runs on CUDA, and, slowly, on the CPU.
torch::Tensor pool_3x3(const torch::Tensor& x, Pool kind, int64_t stride);

}  // namespace nas
