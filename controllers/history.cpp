#include "controllers/history.hpp"

#include <algorithm>
#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// Draws before the space is taken for nearly exhausted and searched in order.
constexpr int64_t kDraws = 256;
/// Points that are passed by for their relations before the space is taken for exhausted.
constexpr int64_t kLongestWalk = 100'000;

struct PackValue {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(int64_t value) const { return value; }
  Json operator()(double value) const { return value; }
};

}  // namespace

Json packed(const Point& point) {
  Json json = Json::array();
  for (const Value& value : point.values) json.push_back(std::visit(PackValue{}, value));
  return json;
}

Point unpacked(const Choices& choices, const Json& json) {
  Point point;
  for (const Json& value : json) {
    if (value.is_null()) {
      point.values.emplace_back();
    } else if (value.is_number_integer()) {
      point.values.emplace_back(value.get<int64_t>());
    } else if (value.is_number()) {
      point.values.emplace_back(value.get<double>());
    } else {
      throw InputError("a saved point: found " + value.dump() + ", expected a number or null");
    }
  }
  check(choices, point);
  return point;
}

std::optional<double> finite_utility(const Objective& objective, const Trial& trial) {
  const auto value = utility(objective, trial);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

Utilities finite_utilities(const Objectives& objectives, const Trial& trial) {
  Utilities utilities;
  for (const Objective& objective : objectives) {
    const auto value = finite_utility(objective, trial);
    if (!value) return {};
    utilities.push_back(*value);
  }
  return utilities;
}

std::optional<Point> ProposedPoints::fresh(RandomStream& random) const {
  for (int64_t i = 0; i < kDraws; ++i) {
    Point point = sample(*choices_, random);
    if (!contains(point)) return point;
  }
  const auto size = count(*choices_);
  if (!size) return std::nullopt;
  // Without relations at most as many as were proposed can be passed by.
  const bool related = std::any_of(choices_->begin(), choices_->end(),
                                   [](const Choice& choice) { return !choice.relations.empty(); });
  const int64_t passed = related ? kLongestWalk : static_cast<int64_t>(points_.size());
  const auto most = std::min(*size, passed + 1);
  const int64_t first = random.below(*size);
  for (int64_t i = 0; i < most; ++i) {
    Point point = point_at(*choices_, (first + i) % *size);
    if (!contains(point)) return point;
  }
  return std::nullopt;
}

std::optional<Point> ProposedPoints::first_fresh(std::span<const Point> points) const {
  const auto found = std::find_if(points.begin(), points.end(),
                                  [this](const Point& point) { return !contains(point); });
  return found == points.end() ? std::nullopt : std::optional(*found);
}

Json ProposedPoints::save() const {
  Json json = Json::array();
  for (const Point& point : points_) json.push_back(packed(point));
  return json;
}

void ProposedPoints::load(const Json& json) {
  points_.clear();
  for (const Json& point : json) points_.insert(unpacked(*choices_, point));
}

}  // namespace nas
