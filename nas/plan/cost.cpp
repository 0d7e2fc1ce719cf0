#include "nas/plan/cost.hpp"

#include <algorithm>
#include <vector>

namespace nas {
namespace {

struct Counts {
  int64_t parameters = 0;
  int64_t multiply_adds = 0;
};

Counts counts_of(const NetworkPlan& plan, const Shape& input);

/// Of one node with the given input and output shape.
class CountLayer {
 public:
  CountLayer(const Shape& in, const Shape& out) : in_(in), out_(out) {}

  Counts operator()(const Convolution& layer) const {
    const int64_t taps = layer.in_channels / layer.groups * layer.kernel.height *
                         layer.kernel.width * layer.out_channels;
    return {taps + (layer.bias ? layer.out_channels : 0), taps * out_.height * out_.width};
  }
  Counts operator()(const BatchNorm& layer) const {
    return {layer.affine ? 2 * layer.channels : 0, 0};
  }
  Counts operator()(const Linear& layer) const {
    const int64_t taps = layer.in_features * layer.out_features;
    return {taps + (layer.bias ? layer.out_features : 0), taps};
  }
  Counts operator()(const LayerNorm& layer) const { return {2 * layer.channels, 0}; }
  Counts operator()(const PositionEmbedding& layer) const {
    return {layer.channels * layer.height * layer.width, 0};
  }
  Counts operator()(const Mixed& layer) const {
    const Shape in{in_.channels / layer.part, in_.height, in_.width};
    Counts sum;
    for (const auto& option : layer.options) {
      const Counts counts = counts_of(option, in);
      sum.parameters += counts.parameters;
      sum.multiply_adds += counts.multiply_adds;
    }
    return sum;
  }
  Counts operator()(const Input&) const { return {}; }
  Counts operator()(const Relu&) const { return {}; }
  Counts operator()(const Activation&) const { return {}; }
  Counts operator()(const MaxPool&) const { return {}; }
  Counts operator()(const AveragePool&) const { return {}; }
  Counts operator()(const GlobalAveragePool&) const { return {}; }
  Counts operator()(const Identity&) const { return {}; }
  Counts operator()(const Zero&) const { return {}; }
  Counts operator()(const Shift&) const { return {}; }
  Counts operator()(const Resize&) const { return {}; }
  Counts operator()(const Multiply&) const { return {}; }
  Counts operator()(const Add&) const { return {}; }
  Counts operator()(const Concatenate&) const { return {}; }
  Counts operator()(const DropPath&) const { return {}; }
  Counts operator()(const Dropout&) const { return {}; }
  Counts operator()(const Gelu&) const { return {}; }
  Counts operator()(const Attention&) const { return {}; }

 private:
  const Shape& in_;
  const Shape& out_;
};

bool holds_weights(const Layer& layer) {
  return std::holds_alternative<Convolution>(layer) || std::holds_alternative<Linear>(layer) ||
         std::holds_alternative<Mixed>(layer);
}

/// The nodes that outputs[index] needs.
std::vector<char> needed_by(const NetworkPlan& plan, size_t index) {
  std::vector<char> needed(plan.nodes.size(), 0);
  needed[static_cast<size_t>(plan.outputs[index])] = 1;
  for (size_t i = plan.nodes.size(); i-- > 0;) {
    if (needed[i] == 0) continue;
    for (const int64_t input : plan.nodes[i].inputs) needed[static_cast<size_t>(input)] = 1;
  }
  return needed;
}

/// All nodes but those that only an auxiliary head needs. A dead end counts: its weights are there
/// and published benchmarks count them.
std::vector<char> needed_nodes(const NetworkPlan& plan) {
  std::vector<char> counted(plan.nodes.size(), 1);
  const auto logits = needed_by(plan, 0);
  for (size_t output = 1; output < plan.outputs.size(); ++output) {
    const auto auxiliary = needed_by(plan, output);
    for (size_t i = 0; i < counted.size(); ++i) {
      if (auxiliary[i] != 0 && logits[i] == 0) counted[i] = 0;
    }
  }
  return counted;
}

Counts counts_of_node(const Node& node, const std::vector<Shape>& shape, size_t index) {
  const Shape& out = shape[index];
  const Shape& in = node.inputs.empty() ? out : shape[static_cast<size_t>(node.inputs[0])];
  return std::visit(CountLayer(in, out), node.layer);
}

Counts counts_with(const NetworkPlan& plan, const std::vector<Shape>& shape,
                   const std::vector<char>& needed) {
  Counts sum;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (needed[i] == 0) continue;
    const Counts counts = counts_of_node(plan.nodes[i], shape, i);
    sum.parameters += counts.parameters;
    sum.multiply_adds += counts.multiply_adds;
  }
  return sum;
}

Counts counts_of(const NetworkPlan& plan, const Shape& input) {
  return counts_with(plan, shapes(plan, input), needed_nodes(plan));
}

int64_t size_of(const Shape& shape) { return shape.channels * shape.height * shape.width; }

/// Largest sum of outputs that are still needed, node by node.
int64_t peak_activations(const NetworkPlan& plan, const std::vector<Shape>& shape,
                         const std::vector<char>& needed) {
  std::vector<size_t> last_use(plan.nodes.size(), 0);
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (needed[i] == 0) continue;
    for (const int64_t input : plan.nodes[i].inputs) last_use[static_cast<size_t>(input)] = i;
  }
  int64_t live = 0;
  int64_t peak = 0;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (needed[i] == 0) continue;
    live += size_of(shape[i]);
    peak = std::max(peak, live);
    auto inputs = plan.nodes[i].inputs;
    std::sort(inputs.begin(), inputs.end());
    inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
    for (const int64_t input : inputs) {
      if (last_use[static_cast<size_t>(input)] == i)
        live -= size_of(shape[static_cast<size_t>(input)]);
    }
  }
  return peak;
}

int64_t depth_of(const NetworkPlan& plan) {
  std::vector<int64_t> depth(plan.nodes.size(), 0);
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    for (const int64_t input : plan.nodes[i].inputs) {
      depth[i] = std::max(depth[i], depth[static_cast<size_t>(input)]);
    }
    depth[i] += holds_weights(plan.nodes[i].layer) ? 1 : 0;
  }
  return depth[static_cast<size_t>(plan.outputs.front())];
}

}  // namespace

Cost cost(const NetworkPlan& plan, const Shape& input) {
  const auto shape = shapes(plan, input);
  const auto needed = needed_nodes(plan);
  const Counts counts = counts_with(plan, shape, needed);
  return {counts.parameters, counts.multiply_adds, peak_activations(plan, shape, needed),
          depth_of(plan)};
}

std::vector<NodeCost> node_costs(const NetworkPlan& plan, const Shape& input) {
  const auto shape = shapes(plan, input);
  const auto needed = needed_nodes(plan);
  std::vector<NodeCost> costs;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (needed[i] == 0) continue;
    const Counts counts = counts_of_node(plan.nodes[i], shape, i);
    if (counts.parameters == 0) continue;
    costs.push_back({static_cast<int64_t>(i), counts.parameters, counts.multiply_adds});
  }
  return costs;
}

}  // namespace nas
