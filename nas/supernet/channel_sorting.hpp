#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "nas/plan/channel_groups.hpp"
#include "nas/search/elastic.hpp"
#include "nas/search/space.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// Channels to be sorted, the most important first, but none across the bounds: those that the
/// networks so far had stay theirs.
struct SortableChannels {
  ChannelGroup group;
  std::set<int64_t> bounds;  // numbers of channels, 0 and all among them
};

/// The groups of channels of the space's shared network that some network with what `now` has open
/// has fewer of. Bounds are the numbers that networks with what `before` had open have of them.
std::vector<SortableChannels> shrinking_channels(const Space& space, const ElasticChoices& now,
                                                 const ElasticChoices& before);

/// Sorts the channels in `state`, the tensors of a shared network, by the sum of magnitudes of what
/// reads them, without changing what the whole network computes (Cai et al. 2020, section 3.3).
void sort_channels(const std::vector<SortableChannels>& channels, const NamedTensors& state);

}  // namespace nas
