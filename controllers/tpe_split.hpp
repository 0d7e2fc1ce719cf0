#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "nas/search/pareto.hpp"

namespace nas {

/// The observations that a tree-structured Parzen estimator takes for good, and how good.
struct GoodObservations {
  std::vector<size_t> indices;
  /// Sum to their number.
  std::vector<double> weights;
};

/// The first `count` of `order`, which lists all best first, weighted by how far their utility is
/// above that of the best that is left (Watanabe 2023, "Tree-structured Parzen estimator", section
/// 3.3.2, weights by expected improvement); alike where none is.
GoodObservations best_by_utility(std::span<const Utilities> all, std::span<const size_t> order,
                                 size_t count);

/// The same for several objectives: front by front, of the last front those that together dominate
/// the most (greedily), weighted by the hypervolume that each alone adds (Ozaki et al. 2020,
/// "Multiobjective tree-structured Parzen estimator", section 4). Time: that of `count` in fronts
/// times all.
GoodObservations best_by_fronts(std::span<const Utilities> all, size_t count);

}  // namespace nas
