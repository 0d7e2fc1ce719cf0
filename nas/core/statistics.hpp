#pragma once

#include <span>

namespace nas {

double mean(std::span<const double> values);
/// Sample standard deviation (n - 1); 0 for fewer than two values.
double standard_deviation(std::span<const double> values);
double median(std::span<const double> values);

}  // namespace nas
