#include "nas/evaluate/zero_cost/plan_parts.hpp"

#include <variant>

namespace nas {

NetworkPlan without_batch_norm(NetworkPlan plan) {
  for (Node& node : plan.nodes) {
    if (std::holds_alternative<BatchNorm>(node.layer)) node.layer = Identity{};
  }
  return plan;
}

NetworkPlan feature_extractor(NetworkPlan plan) {
  const auto node = [&](int64_t index) -> const Node& {
    return plan.nodes[static_cast<size_t>(index)];
  };
  int64_t features = plan.outputs.front();
  if (std::holds_alternative<Linear>(node(features).layer)) features = node(features).inputs[0];
  for (int64_t at = plan.outputs.front(); node(at).inputs.size() == 1; at = node(at).inputs[0]) {
    if (!std::holds_alternative<GlobalAveragePool>(node(at).layer)) continue;
    features = node(at).inputs[0];
    break;
  }
  plan.outputs = {features};
  return plan;
}

}  // namespace nas
