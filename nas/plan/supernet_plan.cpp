#include "nas/plan/supernet_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "nas/core/error.hpp"

namespace nas {
namespace {

[[noreturn]] void refuse(const Node& node, const std::string& found) {
  throw InputError(fmt::format("partial channels: {}: found {}", node.name, found));
}

int64_t divided(int64_t channels, int64_t part, const Node& node) {
  if (channels % part == 0) return channels / part;
  refuse(node, fmt::format("{} channels, expected a multiple of {}", channels, part));
}

/// An option that keeps its channels, for 1/part of them. Layers whose sizes do not follow from the
/// channels stay as they are; shapes() refuses the others.
void narrow(NetworkPlan& option, int64_t part) {
  for (Node& node : option.nodes) {
    if (auto* convolution = std::get_if<Convolution>(&node.layer)) {
      convolution->in_channels = divided(convolution->in_channels, part, node);
      convolution->out_channels = divided(convolution->out_channels, part, node);
      if (convolution->groups > 1) convolution->groups = divided(convolution->groups, part, node);
    } else if (auto* norm = std::get_if<BatchNorm>(&node.layer)) {
      norm->channels = divided(norm->channels, part, node);
    }
  }
}

}  // namespace

SupernetPlan with_partial_channels(SupernetPlan plan, const Shape& input, int64_t part) {
  if (part == 1) return plan;
  const std::vector<Shape> before = shapes(plan.network, input);
  for (size_t i = 0; i < plan.network.nodes.size(); ++i) {
    Node& node = plan.network.nodes[i];
    auto* mixed = std::get_if<Mixed>(&node.layer);
    if (mixed == nullptr) continue;
    const int64_t in = before[static_cast<size_t>(node.inputs.front())].channels;
    if (in != before[i].channels) {
      refuse(node, fmt::format("options from {} to {} channels, expected as many", in,
                               before[i].channels));
    }
    divided(in, part, node);
    for (NetworkPlan& option : mixed->options) narrow(option, part);
    mixed->part = part;
  }
  shapes(plan.network, input);
  return plan;
}

std::vector<std::vector<int64_t>> targets_of_rows(const SupernetPlan& plan) {
  std::vector<std::map<int64_t, int64_t>> sums(plan.groups.size());  // row -> node of its sum
  const auto& nodes = plan.network.nodes;
  for (size_t n = 0; n < nodes.size(); ++n) {
    if (!std::holds_alternative<Add>(nodes[n].layer)) continue;
    for (const int64_t input : nodes[n].inputs) {
      const auto* mixed = std::get_if<Mixed>(&nodes[static_cast<size_t>(input)].layer);
      if (mixed == nullptr) continue;
      sums[static_cast<size_t>(mixed->group)].emplace(mixed->row, static_cast<int64_t>(n));
    }
  }
  std::vector<std::vector<int64_t>> targets;
  for (size_t group = 0; group < plan.groups.size(); ++group) {
    std::map<int64_t, int64_t> numbers;  // node -> its number; negative: of a row in no sum
    auto& rows = targets.emplace_back();
    for (int64_t row = 0; row < plan.groups[group].rows; ++row) {
      const auto sum = sums[group].find(row);
      const int64_t node = sum == sums[group].end() ? -1 - row : sum->second;
      rows.push_back(numbers.emplace(node, static_cast<int64_t>(numbers.size())).first->second);
    }
  }
  return targets;
}

}  // namespace nas
