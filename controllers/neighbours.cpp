#include "controllers/neighbours.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "nas/search/sampling.hpp"

namespace nas {
namespace {

constexpr int64_t kMostValues = 8;
constexpr std::array<double, 4> kSteps{1.0 / 4, 1.0 / 16, 1.0 / 64, 1.0 / 256};

/// The values at geometric steps from `value` inside [low, high].
std::vector<double> stepped(double value, double low, double high, bool log) {
  const auto scaled = [log](double x) { return log ? std::log(x) : x; };
  const double length = scaled(high) - scaled(low);
  std::vector<double> values;
  for (const double step : kSteps) {
    for (const double sign : {-1.0, 1.0}) {
      const double moved = scaled(value) + sign * step * length;
      values.push_back(std::clamp(log ? std::exp(moved) : moved, low, high));
    }
  }
  return values;
}

std::vector<Value> all_from(int64_t low, int64_t high) {
  std::vector<Value> values;
  for (int64_t i = low; i <= high; ++i) values.emplace_back(i);
  return values;
}

/// Near values of a choice; may hold the old one and repeat.
struct NearValues {
  const Value& old;

  std::vector<Value> operator()(const Categorical& domain) const {
    return all_from(0, static_cast<int64_t>(domain.options.size()) - 1);
  }
  std::vector<Value> operator()(const IntegerInterval& domain) const {
    const auto& [low, high, log] = domain;
    if (high - low < kMostValues) return all_from(low, high);
    const int64_t value = std::get<int64_t>(old);
    std::vector<Value> values{std::max(value - 1, low), std::min(value + 1, high)};
    for (const double near : stepped(static_cast<double>(value), static_cast<double>(low),
                                     static_cast<double>(high), log)) {
      values.emplace_back(std::clamp(static_cast<int64_t>(std::llround(near)), low, high));
    }
    return values;
  }
  std::vector<Value> operator()(const RealInterval& domain) const {
    std::vector<Value> values;
    for (const double near : stepped(std::get<double>(old), domain.low, domain.high, domain.log)) {
      values.emplace_back(near);
    }
    return values;
  }
};

Value sampled(Choice choice, RandomStream& random) {
  choice.when.reset();
  return sample({std::move(choice)}, random).values.front();
}

/// The point with another value of one choice; those that depend on it are dropped or sampled.
Point changed(const Choices& choices, const Point& point, std::pair<size_t, Value> change,
              RandomStream& random) {
  Point child = point;
  child.values[change.first] = change.second;
  for (size_t i = change.first + 1; i < choices.size(); ++i) {
    const bool given = !std::holds_alternative<std::monostate>(child.values[i]);
    const bool active = is_active(choices[i], child.values);
    if (!active) child.values[i] = std::monostate{};
    if (active && !given) child.values[i] = sampled(choices[i], random);
  }
  return child;
}

}  // namespace

std::vector<Point> neighbours(const Choices& choices, const Point& point, RandomStream& random) {
  std::vector<Point> found;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (!is_active(choices[i], point.values)) continue;
    const auto near = std::visit(NearValues{point.values[i]}, choices[i].domain);
    for (const Value& value : std::set<Value>(near.begin(), near.end())) {
      if (value != point.values[i]) found.push_back(changed(choices, point, {i, value}, random));
    }
  }
  random.shuffle(found);
  return found;
}

}  // namespace nas
