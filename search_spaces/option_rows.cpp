#include "search_spaces/option_rows.hpp"

#include <algorithm>

namespace nas {

Point point_of_rows(const std::vector<double>& rows, size_t options) {
  Point point;
  for (size_t first = 0; first < rows.size(); first += options) {
    const double* begin = rows.data() + first;
    point.values.emplace_back(std::max_element(begin, begin + options) - begin);
  }
  return point;
}

std::vector<double> rows_of_point(const Point& point, size_t options) {
  std::vector<double> rows(point.values.size() * options, 0.0);
  for (size_t row = 0; row < point.values.size(); ++row) {
    rows[row * options + static_cast<size_t>(std::get<int64_t>(point.values[row]))] = 1;
  }
  return rows;
}

}  // namespace nas
