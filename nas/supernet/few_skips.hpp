#pragma once

#include <cstdint>
#include <vector>

#include "nas/search/space.hpp"

namespace nas {

/// The space's derived point with at most `most` skip connections in the cells of the first group:
/// while there are more, the row whose skip_connect is least probable among those that would choose
/// it loses it (Chen et al. 2019, section 3.3). -1: as the space derives it.
Point derive_with_few_skips(const Space& space, const std::vector<ArchitectureGroup>& groups,
                            ArchitectureWeights probabilities, int64_t most);

}  // namespace nas
