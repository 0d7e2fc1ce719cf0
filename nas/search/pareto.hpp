#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace nas {

/// One utility per objective; larger is better.
using Utilities = std::vector<double>;

/// Nowhere worse and somewhere better.
bool dominates(const Utilities& a, const Utilities& b);

/// Indices by front: the first is dominated by none, the next by the first alone, and so on (Deb et
/// al. 2002, section III.A).
std::vector<std::vector<size_t>> sorted_fronts(std::span<const Utilities> all);

/// Of each member of a front, in its order: the normalised sum over the objectives of the distance
/// between its two neighbours; infinite at both ends (Deb et al. 2002, section III.B).
std::vector<double> crowding_distances(std::span<const Utilities> all,
                                       std::span<const size_t> front);

}  // namespace nas
