#include "controllers/gp_embedding.hpp"

#include <cmath>
#include <numbers>

namespace nas {
namespace {

/// Distance of places from both ends of [0, 1], where the warp's slope may be infinite.
constexpr double kMargin = 1e-3;

/// Different options are at distance 1.
const double kOptionHeight = std::sqrt(0.5);

/// The arc's length is that of the unit interval, so that one weight means the same for both.
constexpr double kArcAngle = std::numbers::pi / 2;
constexpr double kArcRadius = 1 / kArcAngle;

/// Kumaraswamy's distribution function and its derivatives.
struct Warped {
  double at;
  double by_place;
  double by_log_a;
  double by_log_b;
};

Warped warp(double place, double log_a, double log_b) {
  const double a = std::exp(log_a);
  const double b = std::exp(log_b);
  const double inner = 1 - 2 * kMargin;
  const double x = kMargin + inner * place;
  const double power = std::pow(x, a);
  const double rest = 1 - power;
  const double tail = std::pow(rest, b);
  const double slope = b * tail / rest;  // of the value by the power
  return {(1 - tail - kMargin) / inner, slope * a * power / x,
          slope * power * a * std::log(x) / inner, -tail * b * std::log(rest) / inner};
}

}  // namespace

GpEmbedding::GpEmbedding(const Choices& choices) {
  const UnitCube cube(choices);
  for (size_t i = 0; i < choices.size(); ++i) {
    const Axis& axis = cube.axis(i);
    const bool conditional = choices[i].when.has_value();
    const bool unordered = axis.kind == Axis::Kind::unordered;
    const size_t options = unordered ? static_cast<size_t>(axis.count) : 0;
    domains_.push_back({options, conditional, !axis.constant(), owners_.size()});
    const size_t columns = unordered ? options : conditional ? 2 : 1;
    owners_.insert(owners_.end(), columns, i);
  }
}

Embedded GpEmbedding::embed(const Features& features, std::span<const double> log_a,
                            std::span<const double> log_b) const {
  const std::vector<double> zeros(columns());
  Embedded result{zeros, zeros, zeros, zeros};
  for (size_t i = 0; i < domains_.size(); ++i) {
    if (std::isnan(features[i])) continue;
    const size_t column = domains_[i].first;
    if (is_unordered(i)) {
      result.at[column + static_cast<size_t>(features[i])] = kOptionHeight;
      continue;
    }
    const Warped warped = warp(features[i], log_a[i], log_b[i]);
    const auto put = [&](size_t where, double at, double slope) {
      result.at[where] = at;
      result.by_feature[where] = slope * warped.by_place;
      result.by_log_a[where] = slope * warped.by_log_a;
      result.by_log_b[where] = slope * warped.by_log_b;
    };
    if (domains_[i].conditional) {
      const double angle = kArcAngle * warped.at;
      put(column, kArcRadius * std::cos(angle), -std::sin(angle));
      put(column + 1, kArcRadius * std::sin(angle), std::cos(angle));
    } else {
      put(column, warped.at, 1);
    }
  }
  return result;
}

}  // namespace nas
