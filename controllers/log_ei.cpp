#include "controllers/log_ei.hpp"

#include <cmath>
#include <numbers>

namespace nas {
namespace {

const double kLogSqrt2Pi = std::log(2 * std::numbers::pi) / 2;

/// Below it the asymptotic series is as good as double precision.
constexpr double kFarTail = -25;

/// 1 - z² + 3z⁴ ... of 1/z²: the ratio of the normal distribution function to density / |z|.
double mills_series(double z) {
  const double r = 1 / (z * z);
  return 1 - r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r * (1 - 9 * r))));
}

double log_density(double z) { return -z * z / 2 - kLogSqrt2Pi; }

double log_distribution(double z) {
  if (z > kFarTail) return std::log(std::erfc(-z / std::numbers::sqrt2) / 2);
  return log_density(z) - std::log(-z) + std::log(mills_series(z));
}

/// Logarithm of h(z) = density(z) + z distribution(z).
double log_h(double z) {
  if (z > -1) {
    return std::log(std::exp(log_density(z)) + z * std::erfc(-z / std::numbers::sqrt2) / 2);
  }
  if (z > kFarTail) {
    // h = density (1 - |z| distribution / density), whose bracket cancels more and more.
    const double ratio = std::exp(log_distribution(z) - log_density(z));
    return log_density(z) + std::log1p(z * ratio);
  }
  // 1 - mills_series, written without the cancellation.
  const double r = 1 / (z * z);
  return log_density(z) + std::log(r * (1 - 3 * r * (1 - 5 * r * (1 - 7 * r * (1 - 9 * r)))));
}

}  // namespace

LogExpectation log_expected_improvement(double best, double mean, double deviation) {
  const double z = (best - mean) / deviation;
  const double value = log_h(z);
  // h' is the distribution function; h - z h' is the density.
  const double by_z = std::exp(log_distribution(z) - value);
  return {value + std::log(deviation), -by_z / deviation,
          std::exp(log_density(z) - value) / deviation};
}

LogExpectation log_probability_above(double limit, double mean, double deviation) {
  const double z = (mean - limit) / deviation;
  const double value = log_distribution(z);
  const double by_z = std::exp(log_density(z) - value);
  return {value, by_z / deviation, -by_z * z / deviation};
}

}  // namespace nas
