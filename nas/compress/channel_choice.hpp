#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "nas/plan/channel_coupling.hpp"
#include "nas/plan/compression.hpp"

namespace nas {

/// How scores of units of different groups are compared.
enum class Comparison { to_group_mean, as_they_are };

/// How small a network has to become, and what has to be left of each group of units.
struct PruneTarget {
  int64_t multiply_adds = 0;  // at most
  int64_t parameters = 0;     // at most
  int64_t min_channels = 1;   // of a group, where it has as many
  int64_t multiple_of = 1;    // that is kept of a group, as far as it loses anything
  /// At most, with weights of `bits`.
  int64_t weight_bytes = std::numeric_limits<int64_t>::max();
  WeightBits bits = {};
  Comparison comparison = Comparison::to_group_mean;
};

/// Removes, out of what `now` keeps, the units with the least score until the target is met, and no
/// more than that. Scores (by unit) are compared between groups after division by their group's
/// mean or as they are; groups with a score that is not finite lose nothing. Throws InputError
/// naming the least that can be reached where the target is below it.
KeptUnits choose_kept(const NetworkPlan& plan, const Shape& input, const ChannelCoupling& coupling,
                      const KeptUnits& now, const std::vector<double>& scores,
                      const PruneTarget& target);

}  // namespace nas
