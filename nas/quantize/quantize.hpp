#pragma once

#include <vector>

#include "nas/export/quantized_network.hpp"
#include "nas/quantize/ranges.hpp"

namespace nas {

/// What a training for int8 ends with: weights of the network with folded batch norms, and grids by
/// node.
struct TrainedQuantization {
  Weights weights;
  std::vector<Grid> grids;
};

/// By node: the node on whose grid its output lies, itself where it has one of its own. Max and
/// average pooling, and what only moves numbers, keep their input's; what a ReLU alone reads gets
/// the ReLU's.
std::vector<size_t> grid_owners(const NetworkPlan& plan);

/// Grids by node, each covering the range of its owner's values; `ranges` by node.
std::vector<Grid> value_grids(const NetworkPlan& plan, const std::vector<Range>& ranges);

/// Static quantization after training (Jacob et al. 2018; Nagel et al. 2021, section 4): weights
/// symmetric, on a grid for each output channel; values on the grids given by node. `network` has
/// its batch norms folded (with_folded_batch_norms); those that could not be keep 8 bits.
QuantizedNetwork quantized(TrainedNetwork network, std::vector<Grid> grids,
                           const WeightBits& bits = {});

}  // namespace nas
