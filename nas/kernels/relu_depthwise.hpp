#pragma once

#include <torch/types.h>

#include <cstdint>

namespace nas {

struct DepthwiseStep {
  int64_t stride = 1;    // 1 or 2
  int64_t dilation = 1;  // 1 or 2
};

/// ReLU, then a depthwise convolution with padding that keeps height and width up to the stride,
/// in one pass over memory, with its gradients: x [N, C, H, W] of float, double or bfloat16, weight
/// [C, 1, K, K] with K 3 or 5 in float (of a double x: double). The same bits each time. Runs on
/// CUDA, and, slowly, on the CPU.
torch::Tensor relu_depthwise(const torch::Tensor& x, const torch::Tensor& weight,
                             const DepthwiseStep& step);

}  // namespace nas
