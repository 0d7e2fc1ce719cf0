#pragma once

#include <cmath>

#include "nas/core/random.hpp"
#include "nas/export/trained_network.hpp"

namespace nas {

/// Numbers for all weights of a plan, of sizes that keep activations near 1.
inline Weights random_weights(const NetworkPlan& plan, uint64_t seed) {
  Weights weights;
  RandomStream random(seed, "test weights");
  for (const Node& node : plan.nodes) {
    for (const auto& [part, shape] : weight_shapes(node.layer)) {
      Tensor& tensor = weights[node.name + "." + part];
      tensor.shape = shape;
      int64_t count = 1;
      for (const int64_t size : shape) count *= size;
      const bool of_a_map = shape.size() > 1 && part == "weight";
      const double fan_in = static_cast<double>(count) / static_cast<double>(shape.front());
      for (int64_t i = 0; i < count; ++i) {
        double value = 0.2 * random.normal();
        if (part == "running_var") value = 0.5 + random.uniform();
        if (part == "weight") value = of_a_map ? value * 5 * std::sqrt(2 / fan_in) : 1 + value;
        tensor.values.push_back(static_cast<float>(value));
      }
    }
  }
  return weights;
}

}  // namespace nas
