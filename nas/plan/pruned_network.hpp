#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/plan/channel_coupling.hpp"

namespace nas {

/// A dimension of a weight, and which of its places are kept, ascending.
struct WeightCut {
  std::string tensor;  // "stem.conv.weight"
  int64_t dim = 0;
  std::vector<int64_t> kept;
};

/// A network without the channels of the units that are not kept, and what makes its weights out of
/// those of the whole network. Names and order of the nodes stay.
struct PrunedNetwork {
  NetworkPlan plan;
  /// Only of weights that lose something; two for one tensor where both its dimensions do.
  std::vector<WeightCut> cuts;
};

/// `coupling` is that of `plan`; units in none of its groups have to be kept, and of each group at
/// least one.
PrunedNetwork pruned_network(const NetworkPlan& plan, const Shape& input,
                             const ChannelCoupling& coupling, const KeptUnits& kept);

}  // namespace nas
