#include "nas/export/mean_convolution.hpp"

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

/// Numbers that the window at a place covers along one side.
int64_t covered(const AveragePool& layer, int64_t place, int64_t size) {
  const int64_t first = place * layer.stride - layer.padding;
  return std::min(first + layer.kernel, size) - std::max<int64_t>(first, 0);
}

std::vector<double> factors_of(const AveragePool& layer, const Shape& from, const Shape& to) {
  std::vector<double> factors;
  for (int64_t y = 0; y < to.height; ++y) {
    for (int64_t x = 0; x < to.width; ++x) {
      const int64_t count = covered(layer, y, from.height) * covered(layer, x, from.width);
      factors.push_back(static_cast<double>(layer.kernel * layer.kernel) /
                        static_cast<double>(count));
    }
  }
  return factors;
}

/// The largest distance of a factor from a multiple of 1 / one.
double error_of(const std::vector<double>& factors, int64_t one) {
  double error = 0;
  for (const double factor : factors) {
    const double steps = factor * static_cast<double>(one);
    error = std::max(error, std::fabs(steps - std::nearbyint(steps)) / static_cast<double>(one));
  }
  return error;
}

}  // namespace

MeanConvolution mean_convolution(const AveragePool& layer, const Shape& from, const Shape& to,
                                 int64_t most) {
  const std::vector<double> factors = factors_of(layer, from, to);
  const double largest = *std::max_element(factors.begin(), factors.end());
  MeanConvolution result;
  result.plain = largest == 1;
  // 1 itself is always exact; of a kernel of 3 all factors are, where the steps are right.
  const auto finest = static_cast<int64_t>(static_cast<double>(most) / largest);
  result.one = std::max<int64_t>(finest, 1);
  for (int64_t one = finest - 1; one > finest / 2; --one) {
    if (error_of(factors, one) < error_of(factors, result.one)) result.one = one;
  }
  for (const double factor : factors) {
    result.factors.push_back(std::llround(factor * static_cast<double>(result.one)));
  }
  return result;
}

}  // namespace nas
