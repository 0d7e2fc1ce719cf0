#pragma once

#include <vector>

#include "nas/hardware/latency_table.hpp"
#include "nas/search/space.hpp"

namespace nas {

/// Every different layer of the space's networks that takes time, one a key: of all points of a
/// space of up to 4,096, else of random points until 2,000 in a row bring nothing new. None for a
/// space without networks.
std::vector<TimedLayer> layers_of(const Space& space);

}  // namespace nas
