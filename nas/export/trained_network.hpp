#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas {

struct Safetensors;

/// Numbers in row-major order.
struct Tensor {
  std::vector<int64_t> shape;
  std::vector<float> values;
};

/// Parameters and running statistics by name: "stem.conv.weight".
using Weights = std::map<std::string, Tensor>;

/// The float32 arrays of a file; throws InputError naming an array of another type.
Weights weights_of(const Safetensors& file);

/// The name after the node's own ("weight") and the shape of what a layer has learnt.
struct WeightShape {
  std::string part;
  std::vector<int64_t> shape;
};
/// In the order in which the LibTorch module registers them. Throws InputError for a mixture of
/// operations: a supernet is no finished network.
std::vector<WeightShape> weight_shapes(const Layer& layer);

/// A network with the numbers it learnt, as inference needs it: what every export starts from.
struct TrainedNetwork {
  /// One output; no node that the output does not need, that only training uses or that passes on
  /// its input as it is. Node 0 is the Input.
  NetworkPlan plan;
  Shape input;
  /// Exactly those of the plan's nodes.
  Weights weights;

  const Tensor& weight(const Node& node, const std::string& part) const {
    return weights.at(node.name + "." + part);
  }
};

/// Takes what outputs[0] of `plan` needs out of a plan and its weights. Throws InputError where a
/// weight is missing or of another shape.
TrainedNetwork inference_network(const NetworkPlan& plan, const Shape& input,
                                 const Weights& weights);

/// By node: whether its value is flat, [features] for each sample: it comes from linear layers.
std::vector<char> flat_nodes(const NetworkPlan& plan);

/// How many nodes, and outputs, read each node; by node.
std::vector<int64_t> count_readers(const NetworkPlan& plan);

/// The plan without the nodes i that have replacement[i] != i: what read them reads
/// replacement[i], an earlier node, instead.
NetworkPlan without_replaced(const NetworkPlan& plan, const std::vector<int64_t>& replacement);

}  // namespace nas
