#pragma once

#include <vector>

#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"
#include "nas/train/one_shot_config.hpp"

namespace nas {

/// The points that one step trains. Fair sampling throws UsageError naming a choice that depends on
/// another or is real.
std::vector<Point> sampled_points(const Choices& choices, PathSampling sampling,
                                  RandomStream& random);

}  // namespace nas
