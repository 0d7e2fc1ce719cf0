#pragma once

#include <span>
#include <vector>

#include "controllers/gp_embedding.hpp"
#include "controllers/gp_parameters.hpp"

namespace nas {

/// What was observed; smaller values are better.
struct GpData {
  std::vector<Features> points;
  std::vector<double> values;  // finite, as they were measured
};

/// Minus the logarithm of the marginal likelihood of the values as measured (the output warp's
/// Jacobian counts) under a Gaussian process with Matérn 5/2 kernel, an unknown constant mean with
/// standard normal prior, and noise (Rasmussen & Williams 2006, equations 5.8 and 5.9; Snelson et
/// al. 2004 for the warp). Infinite where the covariance matrix is not positive definite.
/// Fills `gradient`, GpLayout::size() long. One call costs 2 n³ multiply-adds for n points.
double gp_loss(const GpEmbedding& embedding, const GpData& data, std::span<const double> parameters,
               std::span<double> gradient);

}  // namespace nas
