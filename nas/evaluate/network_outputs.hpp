#pragma once

#include <vector>

#include "nas/export/trained_network.hpp"

namespace nas {

/// What a plan's LibTorch module with these weights gives on the CPU for `samples` inputs
/// [samples, C, H, W] of shape `input`: outputs[0], [samples, classes]. Throws InputError where the
/// weights are not those of the plan.
std::vector<float> network_outputs(const NetworkPlan& plan, const Weights& weights,
                                   const Shape& input, const std::vector<float>& samples);

}  // namespace nas
