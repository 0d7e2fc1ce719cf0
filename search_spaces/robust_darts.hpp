#pragma once

#include <memory>
#include <string>

#include "nas/search/space.hpp"
#include "search_spaces/darts.hpp"

namespace nas {

class Section;

struct RobustDartsOptions {
  /// "S1", "S2" or "S3".
  std::string subspace = "S1";
  DartsSpaceOptions darts;
};

void describe(Section& section, RobustDartsOptions& options);

/// Subspaces of DARTS' space in which its search fails (Zela et al. 2020, section 3): S1 has two
/// published operations on each edge, S2 3x3 separable convolution and skip, S3 also none. Text as
/// that of `darts`. S4 pairs the convolution with noise and is left out: no layer makes noise.
std::unique_ptr<Space> make_robust_darts(const RobustDartsOptions& options, TaskShape task);

}  // namespace nas
