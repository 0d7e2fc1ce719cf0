#pragma once

#include <vector>

#include "nas/export/quantized_network.hpp"
#include "nas/quantize/ranges.hpp"

namespace nas {

/// Static quantization after training (Jacob et al. 2018; Nagel et al. 2021, section 4): weights
/// symmetric, on a grid for each output channel; values on a grid for each node, from the ranges
/// that they have. Max and average pooling, and what only moves numbers, keep their input's grid;
/// what a ReLU alone reads gets the ReLU's. `network` has its batch norms folded
/// (with_folded_batch_norms); `ranges` by node.
QuantizedNetwork quantized(TrainedNetwork network, const std::vector<Range>& ranges);

}  // namespace nas
