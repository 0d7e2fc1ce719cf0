#pragma once

#include <span>

#include "nas/search/pareto.hpp"

namespace nas {

/// Volume of what is dominated by some of `points` and better than `reference` in every objective;
/// larger utilities are better. Exact: a sweep for two objectives, else slices along the last one,
/// recursively (While et al. 2006). Points that are not better than the reference count nothing.
double hypervolume(std::span<const Utilities> points, const Utilities& reference);

}  // namespace nas
