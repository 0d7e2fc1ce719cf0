#include "controllers/gp_neighbours.hpp"

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

/// Whole numbers are climbed where there are more.
constexpr int64_t kFewValues = 16;

/// Random values for choices that the change of another one makes active.
void fill_inactive(const UnitCube& cube, Features& features, RandomStream& random) {
  for (size_t i = 0; i < features.size(); ++i) {
    if (!std::isnan(features[i])) continue;
    features[i] = cube.coordinate(i, cube.value_of_share(i, random.uniform()));
  }
}

double other_place(const Axis& axis, double old, double step, RandomStream& random) {
  if (axis.kind == Axis::Kind::unordered) {
    const auto drawn = static_cast<double>(random.below(axis.count - 1));
    return drawn + (drawn >= old ? 1 : 0);
  }
  // Of few steps at least one is taken.
  const double least = axis.kind == Axis::Kind::stepped ? 1 / static_cast<double>(axis.count) : 0;
  const double moved = step * random.normal();
  const double place = old + (std::fabs(moved) < least ? std::copysign(least, moved) : moved);
  return std::clamp(place < 0 ? -place : place > 1 ? 2 - place : place, 0.0, 1.0);
}

/// Other values of a choice that are tried in turn.
std::vector<double> alternatives(const UnitCube& cube, size_t choice, double old) {
  const Axis& axis = cube.axis(choice);
  std::vector<double> places;
  if (axis.kind == Axis::Kind::unordered) {
    for (int64_t k = 0; k < axis.count; ++k) {
      if (static_cast<double>(k) != old) places.push_back(static_cast<double>(k));
    }
    return places;
  }
  const auto whole = std::get<int64_t>(cube.value(choice, old));
  const auto put = [&](int64_t value) {
    if (value < axis.first || value >= axis.first + axis.count || value == whole) return;
    places.push_back(cube.coordinate(choice, value));
  };
  if (axis.count <= kFewValues) {
    for (int64_t k = 0; k < axis.count; ++k) put(axis.first + k);
  } else {
    for (int64_t step = 1; step <= 2; ++step) {
      put(whole - step);
      put(whole + step);
    }
  }
  return places;
}

}  // namespace

bool is_smooth(const Axis& axis) {
  if (axis.constant()) return false;
  return axis.kind == Axis::Kind::real ||
         (axis.kind == Axis::Kind::stepped && axis.count > kFewValues);
}

Features changed(const Choices& choices, const UnitCube& cube, const Features& parent,
                 RandomStream& random) {
  std::vector<size_t> movable;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (!std::isnan(parent[i]) && !cube.axis(i).constant()) movable.push_back(i);
  }
  if (movable.empty()) return parent;
  // Between a thousandth and a third of the range.
  const double step = std::pow(10.0, -0.5 - 2.5 * random.uniform());
  const auto size = static_cast<int64_t>(movable.size());
  const size_t sure = movable[static_cast<size_t>(random.below(size))];
  const double chance = random.uniform();
  Features moved = parent;
  for (const size_t i : movable) {
    // Of unordered choices few are moved: any such step is a long one.
    const bool far = cube.axis(i).kind == Axis::Kind::unordered;
    if (i != sure && random.uniform() >= (far ? chance / static_cast<double>(size) : chance)) {
      continue;
    }
    moved[i] = other_place(cube.axis(i), parent[i], step, random);
  }
  fill_inactive(cube, moved, random);
  return cube.encode(cube.decode(moved));
}

std::vector<Features> neighbours(const Choices& choices, const UnitCube& cube,
                                 const Features& point, RandomStream& random) {
  std::vector<Features> found;
  for (size_t i = 0; i < choices.size(); ++i) {
    const Axis& axis = cube.axis(i);
    if (std::isnan(point[i]) || axis.constant() || axis.kind == Axis::Kind::real) continue;
    for (const double place : alternatives(cube, i, point[i])) {
      Features moved = point;
      moved[i] = place;
      fill_inactive(cube, moved, random);
      found.push_back(cube.encode(cube.decode(moved)));
    }
  }
  return found;
}

}  // namespace nas
