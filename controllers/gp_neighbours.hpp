#pragma once

#include <vector>

#include "controllers/gp_embedding.hpp"
#include "nas/core/random.hpp"

namespace nas {

/// Whether an acquisition is climbed along the axis by its gradient: real numbers, and whole ones
/// of which there are many.
bool is_smooth(const Axis& axis);

/// A copy of a point in which some active choices are moved, numbers by normal steps of a scale
/// that is itself drawn; at least one choice is.
Features changed(const Choices& choices, const UnitCube& cube, const Features& parent,
                 RandomStream& random);

/// The point with one choice moved that is not smooth, or that is and is made of whole numbers:
/// every other option, and of many numbers the near ones. Choices that become active get random
/// values.
std::vector<Features> neighbours(const Choices& choices, const UnitCube& cube,
                                 const Features& point, RandomStream& random);

}  // namespace nas
