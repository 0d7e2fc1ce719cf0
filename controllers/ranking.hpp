#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nas/search/pareto.hpp"

namespace nas {

/// Indices from the best to the worst: by utility, or by front and then by crowding distance (Deb
/// et al. 2002) where there are several objectives; without utilities last. Among equals the
/// earlier comes first.
std::vector<size_t> ranking(std::span<const Utilities> all);

}  // namespace nas
