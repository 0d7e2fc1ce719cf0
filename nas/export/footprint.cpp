#include "nas/export/footprint.hpp"

#include <functional>
#include <numeric>
#include <variant>

#include "nas/export/fold.hpp"
#include "nas/export/memory.hpp"

namespace nas {
namespace {

int64_t product(const std::vector<int64_t>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t{1}, std::multiplies<>());
}

/// Numbers that the C source holds for a node.
int64_t constants_of(const Node& node, const Shape& from) {
  if (const auto* norm = std::get_if<BatchNorm>(&node.layer)) return 2 * norm->channels;
  if (const auto* resize = std::get_if<Resize>(&node.layer)) {
    return from.height * resize->height + from.width * resize->width;
  }
  int64_t count = 0;
  for (const auto& [part, shape] : weight_shapes(node.layer)) count += product(shape);
  return count;
}

}  // namespace

Weights weights_of_zeros(const NetworkPlan& plan) {
  Weights weights;
  for (const Node& node : plan.nodes) {
    for (const auto& [part, shape] : weight_shapes(node.layer)) {
      weights[node.name + "." + part] = {
          shape, std::vector<float>(static_cast<size_t>(product(shape)), 0.0F)};
    }
  }
  return weights;
}

Footprint footprint(const NetworkPlan& plan, const Shape& input) {
  constexpr int64_t kBytes = sizeof(float);
  const TrainedNetwork network =
      with_folded_batch_norms(inference_network(plan, input, weights_of_zeros(plan)));
  const auto shape = shapes(network.plan, input);
  int64_t constants = 0;
  for (const Node& node : network.plan.nodes) {
    const Shape& from =
        node.inputs.empty() ? input : shape[static_cast<size_t>(node.inputs.front())];
    constants += constants_of(node, from);
  }
  return {kBytes * constants, kBytes * plan_memory(network.plan, input).size};
}

}  // namespace nas
