#pragma once

#include <functional>

#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// How population based training changes a point (Jaderberg et al. 2017, section 4).
struct Perturbation {
  double resample = 0.25;  // probability that a choice is drawn anew
  double factor = 1.2;     // by which a number is multiplied or divided otherwise
  /// Whether a choice may change.
  std::function<bool(const Choice&)> allowed;
};

/// Each choice that may change does: an unordered option is drawn anew or kept, an ordered one
/// moves by one, a number by the factor, a whole one by at least 1. Choices that become active are
/// sampled. Relations are kept as by nas::sample().
Point perturbed(const Choices& choices, const Point& point, const Perturbation& how,
                RandomStream& random);

}  // namespace nas
