#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/core/random.hpp"

namespace nas {

/// The search distribution of an evolution strategy with covariance matrix adaptation (Hansen 2016,
/// "The CMA evolution strategy: a tutorial", with its default constants and negative weights):
/// normal, with a mean, a step size and a covariance that follow from ranked points. Axes have a
/// scale of their own (Hamano et al. 2022), which set_marginal() changes and the rest does not see.
class CmaDistribution {
 public:
  /// `population` points make an update; at least 4.
  CmaDistribution(std::vector<double> mean, double step, int64_t population);

  size_t size() const { return mean_.size(); }
  int64_t population() const { return population_; }
  double mean(size_t axis) const { return mean_[axis]; }
  /// Standard deviation along one axis.
  double deviation(size_t axis) const;
  void set_marginal(size_t axis, double mean, double deviation);

  std::vector<double> draw(RandomStream& random) const;
  /// Moves to where good points are: `ranked`, `population` of them, the best first.
  void update(std::span<const std::vector<double>> ranked);

  /// Whether it has become too narrow or too flat to go on.
  bool degenerate() const;

  Json save() const;
  /// Of a distribution of the same size.
  void load(const Json& json);

 private:
  /// Functions of the number of axes and the population (Hansen 2016, table 1).
  struct Constants {
    std::vector<double> weights;
    double effective = 0;        // variance effective selection mass of the positive ones
    double step_path = 0;        // c_sigma
    double step_damping = 0;     // d_sigma
    double path = 0;             // c_c
    double rank_one = 0;         // c_1
    double rank_mu = 0;          // c_mu
    double expected_length = 0;  // of a standard normal vector
  };
  static Constants constants_of(size_t axes, int64_t population);
  /// Decomposes the covariance.
  void decompose();

  int64_t population_;
  Constants constants_;
  std::vector<double> mean_;
  double step_;
  std::vector<double> scales_;      // of the axes
  std::vector<double> covariance_;  // row after row
  std::vector<double> step_path_;
  std::vector<double> path_;
  int64_t updates_ = 0;
  // Follow from the covariance: eigenvectors, column after column, and roots of eigenvalues.
  std::vector<double> vectors_;
  std::vector<double> lengths_;
};

}  // namespace nas
