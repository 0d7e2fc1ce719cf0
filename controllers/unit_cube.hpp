#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "nas/search/choice.hpp"

namespace nas {

/// How a choice is laid along one axis of the unit cube.
///
/// Real intervals are linear, or logarithmic where the choice says so. A whole number and an
/// ordered option own a bin each, as nas::sample draws them: bins are equally wide on a linear
/// scale, and reach half a step to both sides on a logarithmic one. An unordered option has no
/// place on the axis: its coordinate is its index.
struct Axis {
  enum class Kind { real, stepped, unordered };

  Kind kind = Kind::real;
  bool log = false;
  /// On the scale of the axis (logarithms where `log`); of bins the outer edges.
  double low = 0;
  double length = 1;
  /// Least value: a whole number, or 0 for options.
  int64_t first = 0;
  /// Bins or options; 0 for a real interval.
  int64_t count = 0;
  /// Of a real interval, which rounding must not leave.
  double least = 0;
  double most = 1;

  /// Whether there is but one value.
  bool constant() const { return kind == Kind::real ? length <= 0 : count <= 1; }
};

/// Points of a space as vectors with one coordinate a choice, in the order of the choices: in
/// [0, 1], the index of an unordered option, NaN where the choice is not active. Immutable.
class UnitCube {
 public:
  explicit UnitCube(const Choices& choices);

  size_t size() const { return axes_.size(); }
  const Axis& axis(size_t choice) const { return axes_[choice]; }

  /// Of a number the middle of its bin; 0.5 where an interval has no length.
  double coordinate(size_t choice, const Value& value) const;
  /// The reverse: coordinates beyond [0, 1] are clamped, indices rounded.
  Value value(size_t choice, double coordinate) const;
  /// The same where `share`, in [0, 1], is spread evenly over the options of an unordered choice,
  /// too: uniform shares give uniform values.
  Value value_of_share(size_t choice, double share) const;
  /// The edges of the bin that the coordinate of a stepped axis is in.
  std::pair<double, double> bin(size_t choice, double coordinate) const;

  /// Whether a choice is active beside these coordinates of the earlier ones, NaN where inactive.
  bool active(size_t choice, std::span<const double> coordinates) const;
  /// Whether a choice is active in every point.
  bool always_active(size_t choice) const { return !(*choices_)[choice].when; }

  std::vector<double> encode(const Point& point) const;
  /// What the coordinates of inactive choices are does not matter.
  Point decode(std::span<const double> coordinates) const;
  /// Of shares in [0, 1], one a choice (value_of_share).
  Point decode_shares(std::span<const double> shares) const;

 private:
  template <class ValueAt>
  Point built(ValueAt value_at) const;

  const Choices* choices_;
  std::vector<Axis> axes_;
};

}  // namespace nas
