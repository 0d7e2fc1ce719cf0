#pragma once

#include <torch/types.h>

#include <span>

#include "nas/kernels/branch_sum.hpp"

namespace nas {

/// Whether grid_branch_sum() is made for this input of a network now: on a CUDA device in float,
/// double or bfloat16, without autocast or with that of bfloat16; and this program has its kernels.
bool grid_branch_sum_takes(const torch::Tensor& x);

/// branch_sum() by kernels that LibTorch runs on a device, nothing of which waits for the host:
/// relu_depthwise(), a matrix product, pool_3x3() and normalized_sum(). Under autocast in bfloat16.
/// The same bits each time. On a CPU it runs, too, but slowly.
torch::Tensor grid_branch_sum(std::span<const BranchInput> inputs, const NormPass& pass);

}  // namespace nas
