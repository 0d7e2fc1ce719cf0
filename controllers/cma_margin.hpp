#pragma once

#include <utility>

namespace nas {

/// Mean and standard deviation of a normal distribution along an axis of bins.
struct Marginal {
  double mean = 0;
  double deviation = 1;
};

/// The marginal, moved and widened so that each neighbour of the bin that the mean is in keeps at
/// least probability `margin` / 2, or `margin` where there is but one: so that a search over whole
/// numbers does not settle on one of them by chance (Hamano et al. 2022, "CMA-ES with margin",
/// section 4). `bin` are the edges of that bin; the axis ends at 0 and 1.
Marginal with_margin(const Marginal& marginal, std::pair<double, double> bin, double margin);

}  // namespace nas
