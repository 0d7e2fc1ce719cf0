#pragma once

#include <functional>
#include <span>
#include <vector>

#include "nas/export/trained_network.hpp"

namespace nas {

/// What a plan's LibTorch module with these weights gives on the CPU for `samples` inputs
/// [samples, C, H, W] of shape `input`: outputs[0], [samples, classes]. Throws InputError where the
/// weights are not those of the plan.
std::vector<float> network_outputs(const NetworkPlan& plan, const Weights& weights,
                                   const Shape& input, const std::vector<float>& samples);

/// Hears of the values of each node, the Input's first, for some of the samples at a time.
using ValueListener = std::function<void(size_t node, std::span<const float> values)>;

/// Tells what every node of the same module gives for `samples`.
void observe_values(const NetworkPlan& plan, const Weights& weights, const Shape& input,
                    const std::vector<float>& samples, const ValueListener& listener);

}  // namespace nas
