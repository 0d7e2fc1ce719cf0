#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nas/plan/network.hpp"
#include "search_spaces/mobilenet_options.hpp"

namespace nas {

/// A multiple of 8, the nearest, but never below nine tenths of `channels` (Sandler et al. 2018).
int64_t rounded_channels(double channels);

/// One block: expand by a 1x1 convolution, depthwise convolution, squeeze and excite, project; a
/// shortcut where the shape stays (Howard et al. 2019, figure 4).
struct BottleneckSetting {
  int64_t in = 0;
  int64_t out = 0;
  int64_t stride = 1;
  int64_t kernel = 3;
  /// 1: there is no first convolution.
  double expansion = 1;
  bool squeeze_excite = false;
  MobilenetActivation activation = MobilenetActivation::relu;
};

NetworkPlan inverted_bottleneck(const BottleneckSetting& setting);

/// What of a network is not in its blocks.
struct MobilenetFrame {
  double width = 1;
  int64_t resolution = 0;  // 0: of the input
  std::vector<int64_t> depths;
};

/// The network of block `block` of stage `stage`; kernel and expansion of the setting are open.
using MakeBottleneck =
    std::function<NetworkPlan(size_t stage, int64_t block, const BottleneckSetting& setting)>;

/// Stem, first block, stages and head. Nodes of a network with fewer blocks, or smaller ones, have
/// the names that they have in a larger one ("stages.0.blocks.1.project.conv").
NetworkPlan mobilenet_network(const MobilenetOptions& options, const TaskShape& task,
                              const MobilenetFrame& frame, const MakeBottleneck& make_block);

}  // namespace nas
