#pragma once

#include <torch/types.h>

#include <span>

#include "nas/torch/module_builder.hpp"

namespace nas {

/// Replaces the running statistics of a network's batch norms by their means over `batches`, each
/// [N, C, H, W]: those of shared weights are of no network in particular (Guo et al. 2020, section
/// 3.4; Yu & Huang 2019, section 3.2). Without batches they stay. Leaves the network in evaluation
/// mode.
void recalibrate_batch_norms(Network& network, std::span<const torch::Tensor> batches);

}  // namespace nas
