#pragma once

#include <utility>
#include <vector>

#include "nas/plan/network.hpp"
#include "nas/plan/operations.hpp"

namespace nas {

/// A network out of parts of which each reads what the last one gives.
class PlanChain {
 public:
  explicit PlanChain(const Shape& input) : input_(input) {}

  PlanChain& then(Layer layer, const char* name) {
    node_ = plan_.add(std::move(layer), {node_}, name);
    return *this;
  }
  /// A layer of two inputs: what the chain gives, and what it gave `back` nodes ago.
  PlanChain& with_earlier(Layer layer, int64_t back, const char* name) {
    node_ = plan_.add(std::move(layer), {node_, node_ - back}, name);
    return *this;
  }
  std::pair<NetworkPlan, Shape> done() { return {std::move(plan_).finish({node_}), input_}; }

 private:
  Shape input_;
  PlanBuilder plan_;
  int64_t node_ = PlanBuilder::kInput;
};

/// The part, and a linear layer that reads its map.
inline std::pair<NetworkPlan, Shape> classifier_of(const NetworkPlan& part, const Shape& input) {
  const Shape map = shapes(part, input)[static_cast<size_t>(part.outputs.front())];
  PlanBuilder plan;
  const int64_t node = plan.splice(part, PlanBuilder::kInput, "part");
  const int64_t scores =
      plan.add(Linear{map.channels * map.height * map.width, 7}, {node}, "classifier");
  return {std::move(plan).finish({scores}), input};
}

/// Networks that together hold every layer, in each of its forms, and every operation; each with
/// the shape of its input.
inline std::vector<std::pair<NetworkPlan, Shape>> networks_of_every_layer() {
  std::vector<std::pair<NetworkPlan, Shape>> networks;
  for (const Operation& operation : operation_table()) {
    for (const int64_t stride : {1, 2}) {
      networks.push_back(
          classifier_of(operation.build({4, 8 / (3 - stride), stride, stride == 1}), {4, 8, 6}));
    }
  }
  using Kind = Activation::Kind;
  networks.push_back(PlanChain({3, 9, 7})
                         .then(Convolution{3, 8, {3, 5}, 1, {1, 2}, 1, 1, true}, "conv")
                         .then(BatchNorm{8, false}, "plain.bn")
                         .then(Activation{Kind::swish}, "swish")
                         .then(Convolution{8, 6, {3, 3}, 2, {2, 2}, 2, 2, false}, "grouped")
                         .then(BatchNorm{6}, "bn")
                         .then(Activation{Kind::hard_swish}, "hard_swish")
                         .then(BatchNorm{6}, "second.bn")
                         .then(MaxPool{3, 2, 1}, "max")
                         .then(Resize{5, 7}, "grow")
                         .then(Activation{Kind::relu6}, "relu6")
                         .with_earlier(Multiply{}, 1, "product")
                         .then(Resize{2, 3}, "shrink")
                         .then(Linear{36, 9}, "hidden")
                         .then(BatchNorm{9}, "flat.bn")
                         .then(Relu{}, "relu")
                         .with_earlier(Add{}, 0, "twice")
                         .then(BatchNorm{9}, "again.bn")
                         .then(Linear{9, 5, false}, "classifier")
                         .done());
  networks.push_back(PlanChain({6, 4, 6})
                         .then(PositionEmbedding{6, 4, 6}, "position")
                         .then(LayerNorm{6}, "norm")
                         .then(Convolution{6, 24, {1, 1}, 1, {0, 0}, 1, 1, true}, "qkv")
                         .then(Attention{8, 2}, "attention")
                         .then(Gelu{}, "gelu")
                         .then(Activation{Kind::sigmoid}, "sigmoid")
                         .with_earlier(Concatenate{}, 1, "both")
                         .then(Shift{}, "shift")
                         .then(GlobalAveragePool{}, "pool")
                         .then(Activation{Kind::hard_sigmoid}, "gate")
                         .with_earlier(Add{}, 1, "sum")
                         .then(Linear{16, 4}, "classifier")
                         .done());
  networks.push_back(PlanChain({3, 8, 8})
                         .then(Zero{2}, "zero")
                         .then(Convolution{3, 4, {3, 3}, 1, {1, 1}, 1, 1, true}, "conv")
                         .then(DropPath{}, "drop")
                         .then(Dropout{0.5}, "dropout")
                         .then(AveragePool{3, 2, 1}, "average")
                         .then(GlobalAveragePool{}, "pool")
                         .with_earlier(Multiply{}, 0, "square")
                         .then(Identity{}, "identity")
                         .done());
  return networks;
}

}  // namespace nas
