#pragma once

#include <memory>
#include <vector>

#include "controllers/bracket.hpp"
#include "controllers/point_sampler.hpp"

namespace nas {

/// Brackets of these shapes in turn, over and over, with points of `sampler`. Trials of the next
/// one begin while no promotion is certain, so that no worker waits.
std::unique_ptr<Controller> make_halving_search(std::vector<BracketShape> shapes,
                                                std::unique_ptr<PointSampler> sampler,
                                                const SearchContext& context);

}  // namespace nas
