#pragma once

#include <span>

namespace nas {

double mean(std::span<const double> values);
/// Sample standard deviation (n - 1); 0 for fewer than two values.
double standard_deviation(std::span<const double> values);
double median(std::span<const double> values);
/// The value that a share `part` (0 to 1) of the values lie below, between neighbours linear in
/// their rank; 0 for none.
double quantile(std::span<const double> values, double part);

}  // namespace nas
