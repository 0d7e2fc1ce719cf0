#pragma once

#include <span>

#include "nas/plan/pruned_network.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// The weights of a pruned network: those of the whole one, in the same order, without what `cuts`
/// leave out. Throws InputError where the weights lack a tensor that is cut.
NamedTensors sliced(const NamedTensors& weights, std::span<const WeightCut> cuts);

}  // namespace nas
