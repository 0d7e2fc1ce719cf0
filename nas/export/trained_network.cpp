#include "nas/export/trained_network.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <variant>

#include "nas/core/error.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/plan/execution.hpp"

namespace nas {
namespace {

using Shapes = std::vector<WeightShape>;

size_t at(int64_t index) { return static_cast<size_t>(index); }

struct ShapesOfWeights {
  Shapes operator()(const Convolution& layer) const {
    Shapes shapes{{"weight",
                   {layer.out_channels, layer.in_channels / layer.groups, layer.kernel.height,
                    layer.kernel.width}}};
    if (layer.bias) shapes.push_back({"bias", {layer.out_channels}});
    return shapes;
  }
  Shapes operator()(const BatchNorm& layer) const {
    Shapes shapes{{"running_mean", {layer.channels}}, {"running_var", {layer.channels}}};
    if (layer.affine) {
      shapes.insert(shapes.begin(), {{"weight", {layer.channels}}, {"bias", {layer.channels}}});
    }
    return shapes;
  }
  Shapes operator()(const Linear& layer) const {
    Shapes shapes{{"weight", {layer.out_features, layer.in_features}}};
    if (layer.bias) shapes.push_back({"bias", {layer.out_features}});
    return shapes;
  }
  Shapes operator()(const LayerNorm& layer) const {
    return {{"weight", {layer.channels}}, {"bias", {layer.channels}}};
  }
  Shapes operator()(const PositionEmbedding& layer) const {
    return {{"weight", {1, layer.channels, layer.height, layer.width}}};
  }
  Shapes operator()(const Mixed&) const {
    throw InputError("a mixture of operations, expected one: a supernet is no finished network");
  }
  Shapes operator()(const Input&) const { return {}; }
  Shapes operator()(const Relu&) const { return {}; }
  Shapes operator()(const Activation&) const { return {}; }
  Shapes operator()(const MaxPool&) const { return {}; }
  Shapes operator()(const AveragePool&) const { return {}; }
  Shapes operator()(const GlobalAveragePool&) const { return {}; }
  Shapes operator()(const Identity&) const { return {}; }
  Shapes operator()(const Zero&) const { return {}; }
  Shapes operator()(const Shift&) const { return {}; }
  Shapes operator()(const Resize&) const { return {}; }
  Shapes operator()(const Multiply&) const { return {}; }
  Shapes operator()(const Add&) const { return {}; }
  Shapes operator()(const Concatenate&) const { return {}; }
  Shapes operator()(const DropPath&) const { return {}; }
  Shapes operator()(const Dropout&) const { return {}; }
  Shapes operator()(const Gelu&) const { return {}; }
  Shapes operator()(const Attention&) const { return {}; }
};

bool passes_input_on(const Node& node) {
  return std::holds_alternative<Identity>(node.layer) ||
         std::holds_alternative<DropPath>(node.layer) ||
         std::holds_alternative<Dropout>(node.layer) ||
         (std::holds_alternative<Add>(node.layer) && node.inputs.size() == 1);
}

/// The nodes that run for outputs[0], with the inputs that they then read.
NetworkPlan needed_part(const NetworkPlan& plan) {
  std::vector<int64_t> place(plan.nodes.size(), 0);
  NetworkPlan needed;
  needed.nodes.push_back(plan.nodes.front());
  for (const auto& [index, inputs] : execution_steps(plan, {plan.outputs.front()})) {
    if (index == PlanBuilder::kInput) continue;
    Node node = plan.nodes[at(index)];
    node.inputs.clear();
    for (const int64_t input : inputs) node.inputs.push_back(place[at(input)]);
    place[at(index)] = static_cast<int64_t>(needed.nodes.size());
    needed.nodes.push_back(std::move(node));
  }
  needed.outputs = {place[at(plan.outputs.front())]};
  return needed;
}

Tensor taken(const Weights& weights, const std::string& name, const std::vector<int64_t>& shape) {
  const auto found = weights.find(name);
  if (found == weights.end()) throw InputError(fmt::format("weights lack tensor '{}'", name));
  if (found->second.shape != shape) {
    throw InputError(fmt::format("tensor '{}' is [{}], expected [{}]", name,
                                 fmt::join(found->second.shape, ", "), fmt::join(shape, ", ")));
  }
  return found->second;
}

}  // namespace

std::vector<WeightShape> weight_shapes(const Layer& layer) {
  return std::visit(ShapesOfWeights(), layer);
}

Weights weights_of(const Safetensors& file) {
  Weights weights;
  for (const NamedArray& array : file.arrays) {
    if (array.type != ArrayType::float32) {
      throw InputError(
          fmt::format("tensor '{}' is {}, expected F32", array.name, to_text(array.type)));
    }
    Tensor& tensor = weights[array.name];
    tensor.shape = array.shape;
    tensor.values.resize(array.bytes.size() / sizeof(float));
    if (!array.bytes.empty()) {
      std::memcpy(tensor.values.data(), array.bytes.data(), array.bytes.size());
    }
  }
  return weights;
}

std::vector<char> flat_nodes(const NetworkPlan& plan) {
  std::vector<char> flat(plan.nodes.size(), 0);
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    const Node& node = plan.nodes[i];
    const bool of_flat =
        !node.inputs.empty() && std::all_of(node.inputs.begin(), node.inputs.end(),
                                            [&](int64_t input) { return flat[at(input)] != 0; });
    flat[i] = of_flat || std::holds_alternative<Linear>(node.layer) ? 1 : 0;
  }
  return flat;
}

std::vector<int64_t> count_readers(const NetworkPlan& plan) {
  std::vector<int64_t> readers(plan.nodes.size(), 0);
  for (const int64_t output : plan.outputs) ++readers[at(output)];
  for (const Node& node : plan.nodes) {
    for (const int64_t input : node.inputs) ++readers[at(input)];
  }
  return readers;
}

NetworkPlan without_replaced(const NetworkPlan& plan, const std::vector<int64_t>& replacement) {
  std::vector<int64_t> place(plan.nodes.size(), 0);
  NetworkPlan kept;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (at(replacement[i]) != i) {
      place[i] = place[at(replacement[i])];
      continue;
    }
    Node node = plan.nodes[i];
    for (int64_t& input : node.inputs) input = place[at(input)];
    place[i] = static_cast<int64_t>(kept.nodes.size());
    kept.nodes.push_back(std::move(node));
  }
  for (const int64_t output : plan.outputs) kept.outputs.push_back(place[at(output)]);
  return kept;
}

TrainedNetwork inference_network(const NetworkPlan& plan, const Shape& input,
                                 const Weights& weights) {
  const NetworkPlan needed = needed_part(plan);
  std::vector<int64_t> replacement(needed.nodes.size());
  std::iota(replacement.begin(), replacement.end(), 0);
  for (size_t i = 0; i < needed.nodes.size(); ++i) {
    if (passes_input_on(needed.nodes[i])) replacement[i] = needed.nodes[i].inputs.front();
  }
  TrainedNetwork network{without_replaced(needed, replacement), input, {}};
  for (const Node& node : network.plan.nodes) {
    for (const auto& [part, shape] : weight_shapes(node.layer)) {
      const std::string name = node.name + "." + part;
      network.weights[name] = taken(weights, name, shape);
    }
  }
  return network;
}

}  // namespace nas
