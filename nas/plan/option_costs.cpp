#include "nas/plan/option_costs.hpp"

#include <variant>

namespace nas {

ArchitectureWeights option_costs(const SupernetPlan& plan, const Shape& input,
                                 const CostOf& cost_of) {
  ArchitectureWeights costs;
  for (const auto& group : plan.groups) {
    costs.emplace_back(static_cast<size_t>(group.rows) * group.options.size(), 0.0);
  }
  const std::vector<Shape> shape = shapes(plan.network, input);
  for (const Node& node : plan.network.nodes) {
    const auto* mixed = std::get_if<Mixed>(&node.layer);
    if (mixed == nullptr) continue;
    Shape in = shape[static_cast<size_t>(node.inputs.front())];
    in.channels /= mixed->part;
    auto& flat = costs[static_cast<size_t>(mixed->group)];
    const size_t first = static_cast<size_t>(mixed->row) * mixed->options.size();
    for (size_t k = 0; k < mixed->options.size(); ++k) {
      flat[first + k] += cost_of(mixed->options[k], in);
    }
  }
  return costs;
}

}  // namespace nas
