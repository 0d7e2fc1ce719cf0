#include "nas/qubo/temperatures.hpp"

#include <algorithm>
#include <cmath>

#include "nas/core/statistics.hpp"

namespace nas {
namespace {

constexpr double kHotRate = 0.5;
constexpr double kColdRate = 0.01;
/// exp(-40) is less than the smallest step of a uniform number.
constexpr double kHopeless = 40;

}  // namespace

Temperatures temperatures_of(const Ising& ising, const SolverOptions& options) {
  double largest = 0;
  std::vector<double> biases;
  for (int64_t i = 0; i < ising.size(); ++i) {
    double sum = std::abs(ising.field(i));
    if (sum > 0) biases.push_back(sum);
    for (const auto& [other, value] : ising.couplings(i)) {
      sum += std::abs(value);
      if (other > i) biases.push_back(std::abs(value));
    }
    largest = std::max(largest, sum);
  }
  if (largest == 0) return {1, 1};
  Temperatures found{-std::log(kHotRate) / (2 * largest),
                     -std::log(kColdRate) / (2 * median(biases))};
  if (options.hot > 0) found.hot = options.hot;
  if (options.cold > 0) found.cold = options.cold;
  return found;
}

std::vector<double> geometric(const Temperatures& ends, int64_t count) {
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i) {
    const double part = count == 1 ? 1 : static_cast<double>(i) / static_cast<double>(count - 1);
    values.push_back(ends.hot * std::pow(ends.cold / ends.hot, part));
  }
  return values;
}

bool accepted(double change, RandomStream& random) {
  if (change <= 0) return true;
  return change < kHopeless && random.uniform() < std::exp(-change);
}

}  // namespace nas
