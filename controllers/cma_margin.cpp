#include "controllers/cma_margin.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nas {
namespace {

constexpr int kHalvings = 60;
constexpr double kEnd = 1e-9;  // of the axis, from which on an edge is its end

double normal_above(double x) { return 0.5 * std::erfc(x / std::numbers::sqrt2); }

/// The deviations above which a normal variable is with this probability, at most 1/2.
double deviations_above(double probability) {
  double low = 0;
  double high = 40;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (normal_above(middle) > probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

Marginal with_margin(const Marginal& marginal, std::pair<double, double> bin, double margin) {
  const auto [low, high] = bin;
  const bool first = low <= kEnd;
  const bool last = high >= 1 - kEnd;
  if (first && last) return marginal;
  const auto& [mean, deviation] = marginal;
  if (first || last) {
    // One way out: the mean comes so near that it is taken often enough.
    const double reach = deviation * deviations_above(margin);
    return first ? Marginal{std::max(mean, high - reach), deviation}
                 : Marginal{std::min(mean, low + reach), deviation};
  }
  double below = std::max(normal_above((mean - low) / deviation), margin / 2);
  double above = std::max(normal_above((high - mean) / deviation), margin / 2);
  // What was added is taken from where there is more than the least.
  const double inside =
      1 - normal_above((mean - low) / deviation) - normal_above((high - mean) / deviation);
  const double excess = below + above + inside - 1;
  const double spare = below + above + inside - 3 * margin / 2;
  if (spare > 0) {
    below -= excess * (below - margin / 2) / spare;
    above -= excess * (above - margin / 2) / spare;
  }
  const double left = deviations_above(std::min(below, 0.5 - margin / 2));
  const double right = deviations_above(std::min(above, 0.5 - margin / 2));
  return {(low * right + high * left) / (left + right), (high - low) / (left + right)};
}

}  // namespace nas
