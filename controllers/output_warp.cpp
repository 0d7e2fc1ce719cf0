#include "controllers/output_warp.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nas {
namespace {

/// Below it the power counts as 0.
constexpr double kSmallPower = 1e-4;

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double mean_product(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0) / static_cast<double>(a.size());
}

struct Distances {
  std::vector<double> above;  // the smallest value, in units
  double unit;                // 0 where all are equal
};

/// In units of the median distance; of the mean one where that is 0.
Distances distances(std::span<const double> values) {
  const double least = *std::min_element(values.begin(), values.end());
  std::vector<double> above;
  for (const double value : values) above.push_back(value - least);
  auto sorted = above;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  double unit = *middle;
  if (unit <= 0) unit = mean(above);
  for (double& one : above) one = unit > 0 ? one / unit : 0;
  return {std::move(above), unit};
}

/// Subtracts the mean and divides by the deviation; passes derivatives through both.
void standardise(WarpedOutput& warped) {
  const double size = static_cast<double>(warped.values.size());
  const double centre = mean(warped.values);
  for (double& value : warped.values) value -= centre;
  const double deviation = std::sqrt(mean_product(warped.values, warped.values));
  if (!(deviation > 0)) return;
  for (double& value : warped.values) value /= deviation;
  warped.log_jacobian -= size * std::log(deviation);
  const auto pass = [&](std::vector<double>& slopes, double& jacobian) {
    const double shift = mean(slopes);
    const double along = mean_product(slopes, warped.values);
    for (size_t i = 0; i < slopes.size(); ++i) {
      slopes[i] = (slopes[i] - shift - warped.values[i] * along) / deviation;
    }
    jacobian -= size * along / deviation;
  };
  pass(warped.by_power, warped.log_jacobian_by_power);
  pass(warped.by_log_offset, warped.log_jacobian_by_log_offset);
}

}  // namespace

WarpedOutput warp_output(std::span<const double> values, double power, double log_offset) {
  WarpedOutput warped;
  const double offset = std::exp(log_offset);
  const auto [above, unit] = distances(values);
  if (unit > 0) warped.log_jacobian -= static_cast<double>(values.size()) * std::log(unit);
  for (const double distance : above) {
    const double base = distance + offset;
    const double log_base = std::log(base);
    const double raised = std::exp(power * log_base);
    const bool is_log = std::fabs(power) < kSmallPower;
    const double value = is_log ? log_base * (1 + power * log_base / 2) : (raised - 1) / power;
    warped.values.push_back(value);
    warped.by_power.push_back(is_log ? log_base * log_base / 2
                                     : (raised * log_base - value) / power);
    warped.by_log_offset.push_back(raised / base * offset);
    warped.log_jacobian += (power - 1) * log_base;
    warped.log_jacobian_by_power += log_base;
    warped.log_jacobian_by_log_offset += (power - 1) * offset / base;
  }
  standardise(warped);
  return warped;
}

}  // namespace nas
