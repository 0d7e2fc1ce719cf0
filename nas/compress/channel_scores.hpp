#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nas/compress/prune_config.hpp"
#include "nas/compress/unit_parameters.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// By unit (0 .. units - 1): the sum of the L1 norms of the filters that give its channels. `state`
/// is that of the network that `parameters` are of.
std::vector<double> magnitude_scores(std::span<const UnitParameter> parameters, int64_t units,
                                     const NamedTensors& state);

/// By unit: the sum of the absolute scales of the batch norms over its channels; infinite where
/// there is none, so that such a unit stays.
std::vector<double> batch_norm_scores(std::span<const UnitParameter> parameters, int64_t units,
                                      const NamedTensors& state);

/// A batch as a network takes it, and its labels [N].
struct LabelledBatch {
  torch::Tensor images;
  torch::Tensor labels;
};

/// By unit: the mean over batches of |sum of w dL/dw|, L being the batch's cross entropy in
/// evaluation mode and w the scale and shift of the batch norms over its channels, or, where it has
/// none, its filters and their bias: to first order what the loss changes by when the channels go
/// (Molchanov et al. 2019, gates after the batch norm). Leaves gradients in the network.
std::vector<double> taylor_scores(std::span<const UnitParameter> parameters, int64_t units,
                                  Network& network, std::span<const LabelledBatch> batches);

/// By unit: drawn from `seed` alone.
std::vector<double> random_scores(int64_t units, uint64_t seed);

}  // namespace nas
