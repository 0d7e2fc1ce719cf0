#pragma once

#include <span>
#include <vector>

namespace nas {

/// What is to be minimised, as a Gaussian process sees it, and how that changes with the warp.
struct WarpedOutput {
  std::vector<double> values;  // mean 0, mean square 1
  std::vector<double> by_power;
  std::vector<double> by_log_offset;
  /// Logarithm of the Jacobian determinant of the warp.
  double log_jacobian = 0;
  double log_jacobian_by_power = 0;
  double log_jacobian_by_log_offset = 0;
};

/// Box-Cox transform of values above the smallest one plus an offset, ((y + c)^p - 1) / p, then
/// standardised. p = 1 leaves values alone but for the standardisation; p = 0 is their logarithm,
/// which spreads the good ones where a few are worse by orders of magnitude; p > 1 does the
/// opposite. `log_offset` is the logarithm of c in units of the median's distance from the
/// smallest. Values that are all equal become zeros.
WarpedOutput warp_output(std::span<const double> values, double power, double log_offset);

}  // namespace nas
