#include "nas/quantize/int8_footprint.hpp"

#include <algorithm>
#include <utility>

#include "nas/export/c_program.hpp"
#include "nas/export/fold.hpp"
#include "nas/quantize/quantize.hpp"

namespace nas {
namespace {

bool has_integer_form(const Layer& layer) {
  return !std::holds_alternative<Resize>(layer) && !std::holds_alternative<LayerNorm>(layer) &&
         !std::holds_alternative<PositionEmbedding>(layer) &&
         !std::holds_alternative<Attention>(layer) && !std::holds_alternative<Mixed>(layer);
}

/// No two values share a grid but those that always do: which tables a program can do without does
/// not depend on what the values are.
std::vector<Range> unlike_ranges(const NetworkPlan& plan) {
  std::vector<Range> ranges;
  for (const Node& node : plan.nodes) {
    const float most = 1 + static_cast<float>(ranges.size());
    const auto* activation = std::get_if<Activation>(&node.layer);
    const bool cut = activation != nullptr && activation->kind == Activation::Kind::relu6;
    if (std::holds_alternative<Relu>(node.layer)) {
      ranges.push_back({0, most});
    } else if (cut) {
      ranges.push_back({0, 6 / (1 + most)});
    } else {
      ranges.push_back({-most, most});
    }
  }
  return ranges;
}

}  // namespace

std::optional<Footprint> int8_footprint(const NetworkPlan& plan, const Shape& input,
                                        const WeightBits& bits) {
  TrainedNetwork network =
      with_folded_batch_norms(inference_network(plan, input, weights_of_zeros(plan)));
  if (!std::all_of(network.plan.nodes.begin(), network.plan.nodes.end(),
                   [](const Node& node) { return has_integer_form(node.layer); })) {
    return std::nullopt;
  }
  std::vector<Grid> grids = value_grids(network.plan, unlike_ranges(network.plan));
  const CProgram program =
      c_program(integer_network(quantized(std::move(network), std::move(grids), bits)));
  const int64_t numbers = input.channels * input.height * input.width;
  return Footprint{program.constant_bytes, arena_bytes(program, numbers)};
}

}  // namespace nas
