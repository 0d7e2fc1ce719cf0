#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "nas/plan/layer.hpp"

namespace nas {

/// Of one sample, without the batch dimension. A flat vector is {n, 1, 1}.
struct Shape {
  int64_t channels = 0;
  int64_t height = 1;
  int64_t width = 1;
  bool operator==(const Shape&) const = default;
};

/// "3x32x32" both ways; throws InputError.
Shape shape_from_text(std::string_view text);
std::string to_text(const Shape& shape);

/// What a task gives a space: the shape of one sample and the number of classes.
struct TaskShape {
  Shape input{3, 32, 32};
  int64_t classes = 10;
};

struct Node {
  Layer layer;
  /// Indices of earlier nodes.
  std::vector<int64_t> inputs;
  /// Unique in its plan, dotted ("cells.0.edge_0_1.conv"); names the weights.
  std::string name;
  bool operator==(const Node&) const = default;
};

/// A network, whole and free of LibTorch: nodes in topological order, node 0 is the Input.
/// Everything else derives from it: shapes, counts, hash, drawing, module, export.
struct NetworkPlan {
  std::vector<Node> nodes;
  /// outputs[0] are the logits; outputs[1], where there is one, the logits of an auxiliary head
  /// that only training uses.
  std::vector<int64_t> outputs;
  bool operator==(const NetworkPlan&) const = default;
};

/// Appends nodes; every method returns the index of the new node.
class PlanBuilder {
 public:
  PlanBuilder();
  static constexpr int64_t kInput = 0;

  int64_t add(Layer layer, std::vector<int64_t> inputs, std::string name);
  /// Copies all nodes of `part` but its Input, which becomes node `input`; names get `prefix.`.
  /// Returns the index of the copy of part.outputs[0].
  int64_t splice(const NetworkPlan& part, int64_t input, std::string_view prefix);
  /// Ends building. `outputs` as in NetworkPlan.
  NetworkPlan finish(std::vector<int64_t> outputs) &&;

 private:
  NetworkPlan plan_;
};

/// The shape of every node's output for one input of shape `input`; throws InputError naming the
/// node whose inputs do not fit.
std::vector<Shape> shapes(const NetworkPlan& plan, const Shape& input);

}  // namespace nas
