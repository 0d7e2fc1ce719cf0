#include "nas/hardware/latency_table.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <variant>

#include "nas/core/error.hpp"
#include "nas/plan/execution.hpp"
#include "nas/plan/layer_text.hpp"

namespace nas {
namespace {

/// Layers that hand on what they get.
bool takes_no_time(const Layer& layer) {
  return std::holds_alternative<Input>(layer) || std::holds_alternative<Identity>(layer) ||
         std::holds_alternative<DropPath>(layer) || std::holds_alternative<Dropout>(layer);
}

void append(std::vector<TimedLayer>& layers, std::vector<TimedLayer> more) {
  for (auto& layer : more) layers.push_back(std::move(layer));
}

}  // namespace

std::string to_text(const LatencyKey& key) {
  return fmt::format("{} on {}", key.layer, fmt::join(key.inputs, ", "));
}

LatencyKey TimedLayer::key() const {
  LatencyKey key{to_text(layer), {}};
  for (const Shape& shape : inputs) key.inputs.push_back(to_text(shape));
  return key;
}

std::vector<TimedLayer> timed_layers(const NetworkPlan& plan, const Shape& input) {
  const std::vector<Shape> shape = shapes(plan, input);
  std::vector<TimedLayer> layers;
  for (const auto& step : execution_steps(plan, {plan.outputs.front()})) {
    const Layer& layer = plan.nodes[static_cast<size_t>(step.node)].layer;
    if (takes_no_time(layer)) continue;
    std::vector<Shape> inputs;
    for (const int64_t index : step.inputs) inputs.push_back(shape[static_cast<size_t>(index)]);
    const auto* mixed = std::get_if<Mixed>(&layer);
    if (mixed == nullptr) {
      layers.push_back({layer, std::move(inputs)});
      continue;
    }
    inputs.front().channels /= mixed->part;
    for (const auto& option : mixed->options) append(layers, timed_layers(option, inputs.front()));
  }
  return layers;
}

double LatencyTable::sum(const NetworkPlan& plan, const Shape& input) const {
  double seconds = 0;
  for (const auto& layer : timed_layers(plan, input)) {
    const LatencyKey key = layer.key();
    const auto found = entries.find(key);
    if (found == entries.end()) {
      throw InputError(
          fmt::format("{}: no entry for {}; `nas bench latency-table` makes a table of "
                      "the configuration's own layers",
                      file, to_text(key)));
    }
    seconds += found->second;
  }
  return seconds;
}

}  // namespace nas
