#pragma once

#include <cstddef>
#include <vector>

#include "nas/search/choice.hpp"

namespace nas {

/// For spaces whose choices are the rows of one architecture group, in order and with equally many
/// options: the likeliest option of each row. `rows` is [choices, options], row-major.
Point point_of_rows(const std::vector<double>& rows, size_t options);

/// The reverse: 1 at the option of each choice, 0 elsewhere.
std::vector<double> rows_of_point(const Point& point, size_t options);

}  // namespace nas
