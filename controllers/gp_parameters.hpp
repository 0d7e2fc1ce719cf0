#pragma once

#include <span>
#include <vector>

#include "controllers/gp_embedding.hpp"
#include "controllers/lbfgs.hpp"

namespace nas {

/// Which parameters of the process are free.
struct GpFreedom {
  bool noise = true;       // else as little as the arithmetic needs
  bool input_warp = true;  // of numbers
  bool output_warp = true;
};

/// Names of the places in the one vector that is fitted.
struct GpLayout {
  size_t choices = 0;

  size_t log_weights() const { return 0; }  // inverse squared length scales, one a choice
  size_t log_a() const { return choices; }  // exponents of the input warps, one each a choice
  size_t log_b() const { return 2 * choices; }
  size_t log_scale() const { return 3 * choices; }      // variance of the process
  size_t log_noise() const { return 3 * choices + 1; }  // variance of the noise
  size_t power() const { return 3 * choices + 2; }      // of the output warp
  size_t log_offset() const { return 3 * choices + 3; }
  size_t size() const { return 3 * choices + 4; }
};

/// Independent normal priors and bounds of all parameters, and where a first fit starts. Length
/// scales have the prior that grows with the dimension (Hvarfner et al. 2024); warps are drawn
/// towards the identity.
class GpPriors {
 public:
  GpPriors(const GpEmbedding& embedding, const GpFreedom& freedom);

  const Box& box() const { return box_; }
  const std::vector<double>& start() const { return start_; }
  /// Minus the logarithm of the density up to a constant; adds its slope to `gradient`.
  double penalty(std::span<const double> parameters, std::span<double> gradient) const;

 private:
  struct Range {
    double low;
    double high;
    double mean;
    double deviation;
  };
  void put(size_t place, const Range& range, double start);
  void fix(size_t place, double value);

  Box box_;
  std::vector<double> start_;
  std::vector<double> mean_;
  std::vector<double> deviation_;
};

}  // namespace nas
