#include "nas/export/resize_matrix.hpp"

#include <algorithm>
#include <cmath>

namespace nas {

std::vector<float> resize_matrix(int64_t from, int64_t to) {
  std::vector<float> matrix(static_cast<size_t>(from * to), 0.0F);
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double reach = std::max(scale, 1.0);
  for (int64_t row = 0; row < to; ++row) {
    const double center = scale * (static_cast<double>(row) + 0.5);
    const auto begin = std::max<int64_t>(std::llround(center - reach), 0);
    const auto end = std::min<int64_t>(std::llround(center + reach), from);
    const auto weight = [&](int64_t column) {
      const double distance = (static_cast<double>(column) - center + 0.5) / reach;
      return std::max(0.0, 1.0 - std::fabs(distance));
    };
    double sum = 0;
    for (int64_t column = begin; column < end; ++column) sum += weight(column);
    for (int64_t column = begin; column < end; ++column) {
      matrix[static_cast<size_t>(row * from + column)] = static_cast<float>(weight(column) / sum);
    }
  }
  return matrix;
}

std::vector<float> transposed_resize_matrix(int64_t from, int64_t to) {
  const std::vector<float> matrix = resize_matrix(from, to);
  const auto columns = static_cast<size_t>(from);
  std::vector<float> result;
  for (size_t column = 0; column < columns; ++column) {
    for (size_t i = column; i < matrix.size(); i += columns) result.push_back(matrix[i]);
  }
  return result;
}

}  // namespace nas
