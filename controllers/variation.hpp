#pragma once

#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// Each choice from either parent; from the other one where only that has it active.
Point crossed(const Choices& choices, const Point& a, const Point& b, RandomStream& random);

/// Each active choice is drawn anew with `probability`; those that become active are drawn.
Point mutated(const Choices& choices, const Point& parent, double probability,
              RandomStream& random);

}  // namespace nas
