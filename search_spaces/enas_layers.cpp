#include "search_spaces/enas_layers.hpp"

#include <fmt/core.h>

namespace nas {
namespace {

using Kind = EnasOperation::Kind;

/// Without the ReLU that the cell spaces' reduction has.
NetworkPlan reduction(const OperationSetting& s) {
  const auto half = [&](int64_t channels) {
    return Convolution{s.in_channels, channels, {1, 1}, 2, {0, 0}, 1, 1, false};
  };
  PlanBuilder plan;
  const int64_t first = plan.add(half(s.out_channels / 2), {PlanBuilder::kInput}, "conv1");
  int64_t second = plan.add(Shift{}, {PlanBuilder::kInput}, "shift");
  second = plan.add(half(s.out_channels - s.out_channels / 2), {second}, "conv2");
  const int64_t both = plan.add(Concatenate{}, {first, second}, "concatenate");
  const int64_t node = plan.add(BatchNorm{s.out_channels, s.affine}, {both}, "bn");
  return std::move(plan).finish({node});
}

}  // namespace

int64_t add_conv_bn(PlanBuilder& plan, int64_t input, const ConvBn& layers) {
  const int64_t node = plan.add(layers.convolution, {input}, layers.name + ".conv");
  return plan.add(BatchNorm{layers.convolution.out_channels, layers.affine}, {node},
                  layers.name + ".bn");
}

Convolution same_convolution(int64_t in, int64_t out, int64_t kernel) {
  return {in, out, {kernel, kernel}, 1, {kernel / 2, kernel / 2}, 1, 1, false};
}

NetworkPlan enas_branch(const EnasOperation& operation, const OperationSetting& s) {
  const int64_t channels = s.in_channels;
  const Convolution pointwise = same_convolution(channels, channels, 1);
  Convolution main = same_convolution(channels, channels, operation.kernel);
  PlanBuilder plan;
  int64_t node = add_conv_bn(plan, PlanBuilder::kInput, {pointwise, "in", s.affine});
  node = plan.add(Relu{}, {node}, "in.relu");
  switch (operation.kind) {
    case Kind::average_pool:
      node = plan.add(AveragePool{operation.kernel, 1, operation.kernel / 2}, {node}, "pool");
      return std::move(plan).finish({node});
    case Kind::max_pool:
      node = plan.add(MaxPool{operation.kernel, 1, operation.kernel / 2}, {node}, "pool");
      return std::move(plan).finish({node});
    case Kind::separable:
      main.groups = channels;
      node = plan.add(main, {node}, "depthwise");
      node = add_conv_bn(plan, node, {pointwise, "out", s.affine});
      break;
    case Kind::convolution:
      node = add_conv_bn(plan, node, {main, "out", s.affine});
      break;
  }
  node = plan.add(Relu{}, {node}, "out.relu");
  return std::move(plan).finish({node});
}

int64_t EnasStates::channels_at(int64_t level) const {
  int64_t channels = width_.channels;
  for (int64_t i = 0; i < level; ++i) channels *= width_.growth;
  return channels;
}

int64_t EnasStates::at(int64_t state, int64_t level) {
  const auto found = nodes_.find({state, level});
  if (found != nodes_.end()) return found->second;
  const int64_t larger = at(state, level - 1);
  const OperationSetting setting{channels_at(level - 1), channels_at(level), 2, width_.affine};
  return nodes_[{state, level}] = plan_.splice(reduction(setting), larger,
                                               fmt::format("reductions.{}.{}", level - 1, state));
}

}  // namespace nas
