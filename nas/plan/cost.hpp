#pragma once

#include <cstdint>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas {

/// Counts of all nodes but those that only an auxiliary head (outputs[1]) needs.
struct Cost {
  /// Trainable numbers.
  int64_t parameters = 0;
  /// Of convolutions and linear layers, one forward pass of one sample.
  int64_t multiply_adds = 0;
  /// Largest sum of live activations over a forward pass in node order, in numbers (not bytes).
  int64_t peak_activations = 0;
  /// Nodes on the longest way from input to logits that hold weights.
  int64_t depth = 0;
};

Cost cost(const NetworkPlan& plan, const Shape& input);

/// The counts of one node.
struct NodeCost {
  int64_t node = 0;
  int64_t parameters = 0;
  int64_t multiply_adds = 0;
};
/// Of the nodes that cost() counts and that hold parameters, in order; their sums are its counts.
std::vector<NodeCost> node_costs(const NetworkPlan& plan, const Shape& input);

}  // namespace nas
