#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas::test {

/// A plan that is one row of layers, each fed by the one before it; named "0", "1", ...
inline NetworkPlan chain(std::vector<Layer> layers) {
  NetworkPlan plan;
  plan.nodes.push_back({Input{}, {}, "input"});
  for (Layer& layer : layers) {
    const auto before = static_cast<int64_t>(plan.nodes.size()) - 1;
    plan.nodes.push_back({std::move(layer), {before}, "layers." + std::to_string(before)});
  }
  plan.outputs = {static_cast<int64_t>(plan.nodes.size()) - 1};
  return plan;
}

inline Convolution convolution(int64_t in, int64_t out, int64_t kernel, int64_t stride = 1) {
  Convolution layer;
  layer.in_channels = in;
  layer.out_channels = out;
  layer.kernel = {kernel, kernel};
  layer.stride = stride;
  layer.padding = {kernel / 2, kernel / 2};
  return layer;
}

/// Two Mixed layers on rows 0 and 1 of group 0, four options each, then a classifier.
inline NetworkPlan small_supernet(int64_t channels, int64_t classes) {
  const auto mixed = [&](int64_t row) {
    Mixed layer;
    layer.row = row;
    layer.options = {
        chain({Zero{}}), chain({Identity{}}),
        chain({Relu{}, convolution(channels, channels, 3), BatchNorm{channels, false}}),
        chain({AveragePool{}})};
    return layer;
  };
  return chain({convolution(3, channels, 3), mixed(0), mixed(1), GlobalAveragePool{},
                Linear{channels, classes, true}});
}

}  // namespace nas::test
