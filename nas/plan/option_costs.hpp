#pragma once

#include <functional>

#include "nas/plan/supernet_plan.hpp"

namespace nas {

/// What a network costs, for one input of the given shape.
using CostOf = std::function<double(const NetworkPlan&, const Shape&)>;

/// Shaped like ArchitectureWeights: what each option of each row costs, summed over all Mixed
/// layers of the row. `input` is the shape of the network's input.
ArchitectureWeights option_costs(const SupernetPlan& plan, const Shape& input,
                                 const CostOf& cost_of);

}  // namespace nas
