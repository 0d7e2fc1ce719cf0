#include "controllers/ehvi.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "controllers/log_ei.hpp"

namespace nas {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Of E[(right - y)+] - E[(left - y)+]: how much of a stripe is to the right of y.
LogExpectation log_width(double left, double right, double mean, double deviation) {
  const auto far = log_expected_improvement(right, mean, deviation);
  if (std::isinf(left)) return far;
  const auto near = log_expected_improvement(left, mean, deviation);
  const double share = std::exp(near.value - far.value);
  const double rest = -std::expm1(near.value - far.value);
  return {far.value + std::log(rest), (far.by_mean - share * near.by_mean) / rest,
          (far.by_deviation - share * near.by_deviation) / rest};
}

}  // namespace

FrontGap::FrontGap(std::span<const LossPair> losses, const LossPair& reference) {
  std::vector<LossPair> inside;
  for (const auto& one : losses) {
    if (one[0] < reference[0] && one[1] < reference[1]) inside.push_back(one);
  }
  std::sort(inside.begin(), inside.end());
  double left = -kInfinity;
  double top = reference[1];
  for (const auto& one : inside) {
    if (one[1] >= top) continue;  // dominated
    if (one[0] > left) stripes_.push_back({left, one[0], top});
    left = one[0];
    top = one[1];
  }
  stripes_.push_back({left, reference[0], top});
}

FrontGap::LogVolume FrontGap::log_expected_gain(const LossPair& means,
                                                const LossPair& deviations) const {
  std::vector<LogVolume> terms;
  double most = -kInfinity;
  for (const auto& stripe : stripes_) {
    const auto width = log_width(stripe.left, stripe.right, means[0], deviations[0]);
    const auto height = log_expected_improvement(stripe.top, means[1], deviations[1]);
    terms.push_back({width.value + height.value,
                     {width.by_mean, height.by_mean},
                     {width.by_deviation, height.by_deviation}});
    // Stripes thinner than the arithmetic can tell count nothing.
    if (!std::isfinite(terms.back().value)) terms.pop_back();
    if (!terms.empty()) most = std::max(most, terms.back().value);
  }
  LogVolume total;
  double sum = 0;
  for (const auto& term : terms) sum += std::exp(term.value - most);
  for (const auto& term : terms) {
    const double share = std::exp(term.value - most) / sum;
    for (size_t i = 0; i < 2; ++i) {
      total.by_mean[i] += share * term.by_mean[i];
      total.by_deviation[i] += share * term.by_deviation[i];
    }
  }
  total.value = most + std::log(sum);
  return total;
}

}  // namespace nas
