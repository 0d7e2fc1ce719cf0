#include "controllers/unit_cube.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nas {
namespace {

struct AxisOf {
  Axis operator()(const Categorical& domain) const {
    Axis axis;
    axis.kind = domain.ordered ? Axis::Kind::stepped : Axis::Kind::unordered;
    axis.count = static_cast<int64_t>(domain.options.size());
    axis.low = -0.5;
    axis.length = static_cast<double>(axis.count);
    return axis;
  }
  Axis operator()(const IntegerInterval& domain) const {
    Axis axis;
    axis.kind = Axis::Kind::stepped;
    axis.log = domain.log;
    axis.first = domain.low;
    axis.count = domain.high - domain.low + 1;
    const double low = static_cast<double>(domain.low) - 0.5;
    const double high = static_cast<double>(domain.high) + 0.5;
    axis.low = domain.log ? std::log(low) : low;
    axis.length = (domain.log ? std::log(high) : high) - axis.low;
    return axis;
  }
  Axis operator()(const RealInterval& domain) const {
    Axis axis;
    axis.log = domain.log;
    axis.least = domain.low;
    axis.most = domain.high;
    axis.low = domain.log ? std::log(domain.low) : domain.low;
    axis.length = (domain.log ? std::log(domain.high) : domain.high) - axis.low;
    return axis;
  }
};

double scaled(const Axis& axis, double value) { return axis.log ? std::log(value) : value; }

/// Of a point on the axis of bins: the number whose bin holds it.
int64_t whole_at(const Axis& axis, double coordinate) {
  const double place = axis.low + axis.length * std::clamp(coordinate, 0.0, 1.0);
  const auto whole = static_cast<int64_t>(std::llround(axis.log ? std::exp(place) : place));
  return std::clamp(whole, axis.first, axis.first + axis.count - 1);
}

}  // namespace

UnitCube::UnitCube(const Choices& choices) : choices_(&choices) {
  axes_.reserve(choices.size());
  for (const Choice& choice : choices) axes_.push_back(std::visit(AxisOf{}, choice.domain));
}

double UnitCube::coordinate(size_t choice, const Value& value) const {
  const Axis& axis = axes_[choice];
  if (std::holds_alternative<std::monostate>(value)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (axis.kind == Axis::Kind::unordered) return static_cast<double>(std::get<int64_t>(value));
  if (axis.kind == Axis::Kind::real) {
    if (axis.constant()) return 0.5;
    return std::clamp((scaled(axis, std::get<double>(value)) - axis.low) / axis.length, 0.0, 1.0);
  }
  const auto whole = static_cast<double>(std::get<int64_t>(value));
  const double middle = (scaled(axis, whole - 0.5) + scaled(axis, whole + 0.5)) / 2;
  return (middle - axis.low) / axis.length;
}

Value UnitCube::value(size_t choice, double coordinate) const {
  const Axis& axis = axes_[choice];
  if (axis.kind == Axis::Kind::stepped) return whole_at(axis, coordinate);
  if (axis.kind == Axis::Kind::unordered) {
    return std::clamp(static_cast<int64_t>(std::llround(coordinate)), int64_t{0}, axis.count - 1);
  }
  const double place = axis.low + axis.length * std::clamp(coordinate, 0.0, 1.0);
  return std::clamp(axis.log ? std::exp(place) : place, axis.least, axis.most);
}

Value UnitCube::value_of_share(size_t choice, double share) const {
  const Axis& axis = axes_[choice];
  if (axis.kind != Axis::Kind::unordered) return value(choice, share);
  const auto index = static_cast<int64_t>(share * static_cast<double>(axis.count));
  return std::clamp(index, int64_t{0}, axis.count - 1);
}

std::pair<double, double> UnitCube::bin(size_t choice, double coordinate) const {
  const Axis& axis = axes_[choice];
  const auto whole = static_cast<double>(whole_at(axis, coordinate));
  return {(scaled(axis, whole - 0.5) - axis.low) / axis.length,
          (scaled(axis, whole + 0.5) - axis.low) / axis.length};
}

bool UnitCube::active(size_t choice, std::span<const double> coordinates) const {
  const auto& when = (*choices_)[choice].when;
  if (!when) return true;
  const auto parent = static_cast<size_t>(when->choice);
  if (std::isnan(coordinates[parent])) return false;
  const Value found = value(parent, coordinates[parent]);
  const auto& options = when->options;
  return std::find(options.begin(), options.end(), std::get<int64_t>(found)) != options.end();
}

std::vector<double> UnitCube::encode(const Point& point) const {
  std::vector<double> coordinates(axes_.size());
  for (size_t i = 0; i < axes_.size(); ++i) coordinates[i] = coordinate(i, point.values[i]);
  return coordinates;
}

template <class ValueAt>
Point UnitCube::built(ValueAt value_at) const {
  Point point;
  point.values.resize(axes_.size());
  for (size_t i = 0; i < axes_.size(); ++i) {
    if (is_active((*choices_)[i], point.values)) point.values[i] = value_at(i);
  }
  return point;
}

Point UnitCube::decode(std::span<const double> coordinates) const {
  return built([&](size_t i) { return value(i, coordinates[i]); });
}

Point UnitCube::decode_shares(std::span<const double> shares) const {
  return built([&](size_t i) { return value_of_share(i, shares[i]); });
}

}  // namespace nas
