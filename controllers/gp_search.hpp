#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "controllers/gp_acquisition.hpp"
#include "controllers/unit_cube.hpp"
#include "nas/core/random.hpp"

namespace nas {

struct GpSearchSettings {
  /// Random points of the space, and random changes of the good ones.
  int64_t candidates = 512;
  /// Candidates that are climbed from.
  int64_t starts = 4;
  /// Of L-BFGS, each time.
  int64_t iterations = 20;
};

/// Where an acquisition function is maximised, and what is known of the place.
struct GpSearchSpace {
  const Choices& choices;
  const UnitCube& cube;
  /// Whether a point must not be proposed (again).
  std::function<bool(const Point&)> excluded;
};

/// The point with the largest acquisition that is found: random candidates and changes of the
/// points `good`; from the best, L-BFGS along real (and long whole-numbered) choices in turn with
/// the best single change of the other ones. Nothing where all that was met is excluded.
std::optional<Point> most_worth_trying(const Acquisition& acquisition, const GpSearchSpace& space,
                                       std::span<const Features> good,
                                       const GpSearchSettings& settings, RandomStream& random);

}  // namespace nas
