#pragma once

#include <vector>

#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// All points that differ from `point` in one active choice, in random order, each once. Of an
/// interval with more than 8 values those at geometric steps to both sides: 1/4, 1/16, 1/64 and
/// 1/256 of its (logarithmic) length, and one whole number. Choices that become active are sampled.
std::vector<Point> neighbours(const Choices& choices, const Point& point, RandomStream& random);

}  // namespace nas
