#pragma once

#include <optional>
#include <set>
#include <span>

#include "nas/core/json_fwd.hpp"
#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"
#include "nas/search/objective.hpp"

namespace nas {

/// The bare values of a point as a JSON array, null where a choice is not active.
Json packed(const Point& point);
/// The reverse; throws InputError where the point is not one of `choices`.
Point unpacked(const Choices& choices, const Json& json);

/// Like utility(), but nothing also where it is infinite or not a number.
std::optional<double> finite_utility(const Objective& objective, const Trial& trial);

/// Of all objectives; empty where one is missing or not finite.
Utilities finite_utilities(const Objectives& objectives, const Trial& trial);

/// The points that a controller has proposed so far in its run, for those that never repeat one.
class ProposedPoints {
 public:
  explicit ProposedPoints(const Choices& choices) : choices_(&choices) {}

  /// Whether it is out of the question: proposed before, or against a relation of its choices.
  bool contains(const Point& point) const {
    return points_.contains(point) || broken_relation(*choices_, point).has_value();
  }
  void add(const Point& point) { points_.insert(point); }

  /// A random point not proposed yet. Nothing where the space is exhausted; where choices are real,
  /// nothing also when chance finds none.
  std::optional<Point> fresh(RandomStream& random) const;

  /// The first of these not proposed yet.
  std::optional<Point> first_fresh(std::span<const Point> points) const;

  Json save() const;
  void load(const Json& json);

 private:
  const Choices* choices_;
  std::set<Point> points_;
};

}  // namespace nas
