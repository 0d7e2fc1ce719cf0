#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/plan/channel_coupling.hpp"

namespace nas {

/// A parameter of which each row (dimension 0) belongs to one unit: it makes, scales or shifts the
/// unit's channels.
struct UnitParameter {
  enum class Kind { filter, filter_bias, norm_scale, norm_shift };
  std::string tensor;  // "stem.conv.weight"
  Kind kind = Kind::filter;
  std::vector<int64_t> units;  // by row, of the network without the units that are not kept
};

/// In the order of the nodes.
std::vector<UnitParameter> unit_parameters(const NetworkPlan& plan, const ChannelCoupling& coupling,
                                           const KeptUnits& kept);

}  // namespace nas
