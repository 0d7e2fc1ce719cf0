#pragma once

#include <cstdint>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas {

/// Which channels of a network can only be removed together: the dependency graph of structured
/// pruning (Fang et al. 2023), channel by channel. Channels that meet in a sum or a product, or
/// that a depthwise convolution passes on, are one *unit*; what a concatenation puts side by side
/// stays apart. A convolution of several groups loses the same channels of each of them.
struct ChannelCoupling {
  /// Units that the same convolutions and linear layers give, so that they can stand for each
  /// other.
  struct Group {
    std::vector<int64_t> units;      // ascending
    std::vector<int64_t> producers;  // the nodes of those layers, ascending
  };

  /// By node and output channel: its unit, 0 .. units - 1.
  std::vector<std::vector<int64_t>> unit_of;
  int64_t units = 0;
  /// Every unit that may be removed is in one of them. The rest stay: inputs and outputs of the
  /// network, and what layer norms, attention, position embeddings and mixtures read or give, since
  /// these look at all channels together.
  std::vector<Group> groups;
};

/// Throws InputError where the plan does not fit the input.
ChannelCoupling channel_coupling(const NetworkPlan& plan, const Shape& input);

/// By unit: 1 where it is kept.
using KeptUnits = std::vector<char>;

/// The channels of a node's output that are kept, ascending.
std::vector<int64_t> kept_channels_of(const ChannelCoupling& coupling, const KeptUnits& kept,
                                      int64_t node);

}  // namespace nas
