#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas {

/// A dimension of a weight (or running statistic) that runs over the channels of a group.
struct ChannelUse {
  std::string tensor;  // "stem.conv.weight"
  int64_t dim = 0;
  /// The channels are what a convolution or a linear layer reads, not what it gives.
  bool reads = false;
  bool operator==(const ChannelUse&) const = default;
};

/// Channels that may change places, in all these dimensions alike, without changing the function
/// of the network.
struct ChannelGroup {
  int64_t channels = 0;
  std::vector<ChannelUse> uses;
};

/// Every group of a network of convolutions, norms, activations, sums and products; channels of
/// inputs, outputs, concatenations, attention, mixtures and grouped convolutions (other than
/// depthwise ones) stay out, since their order matters elsewhere.
std::vector<ChannelGroup> channel_groups(const NetworkPlan& plan, const Shape& input);

}  // namespace nas
