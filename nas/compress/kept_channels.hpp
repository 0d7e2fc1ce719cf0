#pragma once

#include "nas/core/json_fwd.hpp"
#include "nas/plan/channel_coupling.hpp"

namespace nas {

/// {"stem.conv": [0, 2, 5], ...}: the channels kept of every convolution and linear layer that lost
/// some. With the plan it is all that a pruned network is rebuilt from.
Json to_json(const NetworkPlan& plan, const ChannelCoupling& coupling, const KeptUnits& kept);

/// The other way round; throws InputError naming a layer that the plan does not have, that cannot
/// lose those channels, or whose channels do not fit those of the others.
KeptUnits kept_units_from(const Json& json, const NetworkPlan& plan,
                          const ChannelCoupling& coupling);

/// Of every layer whose channels may be removed: {"name", "channels", "kept"}, numbers of both.
Json layer_counts(const NetworkPlan& plan, const ChannelCoupling& coupling, const KeptUnits& kept);

}  // namespace nas
