#pragma once

namespace nas {

/// A logarithm and its derivatives by the mean and the deviation of what was believed.
struct LogExpectation {
  double value = 0;
  double by_mean = 0;
  double by_deviation = 0;
};

/// Logarithm of the expected improvement, E[max(best - y, 0)], of a normal y (smaller is better);
/// stable however far `mean` is above `best` (Ament et al. 2023, equation 9). `deviation` positive.
LogExpectation log_expected_improvement(double best, double mean, double deviation);

/// Logarithm of the probability that a normal y is above `limit`.
LogExpectation log_probability_above(double limit, double mean, double deviation);

}  // namespace nas
