#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace nas {

struct SimplexOptions {
  /// Of the first simplex along each coordinate.
  double step = 0.1;
  /// Values that may be asked for.
  int64_t evaluations = 200;
};

/// The best point found by the downhill simplex method (Nelder & Mead 1965, with its reflection 1,
/// expansion 2, contraction and shrinkage 1/2) from `start`, for functions without gradient in few
/// dimensions. No random numbers.
std::vector<double> minimise_by_simplex(
    const std::function<double(const std::vector<double>&)>& function,
    const std::vector<double>& start, const SimplexOptions& options);

}  // namespace nas
