#pragma once

#include <fmt/core.h>

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas::test {

/// Sizes of a layer's largest weight; empty for layers without weights.
inline std::vector<int64_t> weight_sizes(const Layer& layer) {
  if (const auto* convolution = std::get_if<Convolution>(&layer)) {
    return {convolution->out_channels, convolution->in_channels / convolution->groups,
            convolution->kernel.height, convolution->kernel.width};
  }
  if (const auto* linear = std::get_if<Linear>(&layer)) {
    return {linear->out_features, linear->in_features};
  }
  if (const auto* norm = std::get_if<BatchNorm>(&layer)) return {norm->channels};
  if (const auto* norm = std::get_if<LayerNorm>(&layer)) return {norm->channels};
  if (const auto* embedding = std::get_if<PositionEmbedding>(&layer)) {
    return {1, embedding->channels, embedding->height, embedding->width};
  }
  return {};
}

/// By name, of the nodes of a plan and of the options of its Mixed layers.
inline void add_weight_sizes(const NetworkPlan& plan, const std::string& prefix,
                             std::map<std::string, std::vector<int64_t>>& sizes) {
  for (const Node& node : plan.nodes) {
    sizes[prefix + node.name] = weight_sizes(node.layer);
    const auto* mixed = std::get_if<Mixed>(&node.layer);
    for (size_t k = 0; mixed != nullptr && k < mixed->options.size(); ++k) {
      add_weight_sizes(mixed->options[k], fmt::format("{}{}.{}.", prefix, node.name, k), sizes);
    }
  }
}

/// What keeps the weights of `small` from being slices of those of `large` under the same names;
/// empty where nothing does.
inline std::string nesting_fault(const NetworkPlan& small, const NetworkPlan& large) {
  std::map<std::string, std::vector<int64_t>> sizes;
  add_weight_sizes(large, "", sizes);
  for (const Node& node : small.nodes) {
    const std::vector<int64_t> own = weight_sizes(node.layer);
    if (own.empty()) continue;
    const auto found = sizes.find(node.name);
    if (found == sizes.end()) return fmt::format("{} is missing", node.name);
    if (found->second.size() != own.size()) return fmt::format("{} is another layer", node.name);
    for (size_t i = 0; i < own.size(); ++i) {
      if (own[i] > found->second[i]) return fmt::format("{} is smaller", node.name);
    }
  }
  return "";
}

}  // namespace nas::test
