#pragma once

#include <torch/types.h>

#include "nas/kernels/branch_sum.hpp"

namespace nas {

class ProcessGroup;

/// Batch norm in training over [N, C, H, W], with the mean and the variance of all processes'
/// batches together, as at::batch_norm gives for their union: forward, backward and running
/// statistics. The gradients of weight and bias are those of this process' examples alone.
torch::Tensor shared_batch_norm(const torch::Tensor& x, const NormWeights& weights, double momentum,
                                ProcessGroup& group);

}  // namespace nas
