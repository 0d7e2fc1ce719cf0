#pragma once

#include <cstdint>
#include <string>

#include "controllers/sobol_sequence.hpp"
#include "controllers/unit_cube.hpp"

namespace nas {

/// Points of a space along a Sobol' sequence with one coordinate a choice. An option of a
/// categorical owns an equal part of its coordinate, and so does a whole number; coordinates of
/// choices that are not active are passed over.
class SobolPoints {
 public:
  /// `choices` outlive it.
  SobolPoints(const Choices& choices, uint64_t seed, std::string purpose);

  /// The point with this number, 0 <= number < 2^22; where that one breaks a relation the first of
  /// a row of later ones that keeps all, or the last of them where none does.
  Point point(int64_t number) const;

 private:
  const Choices* choices_;
  UnitCube cube_;
  SobolSequence sequence_;
};

}  // namespace nas
