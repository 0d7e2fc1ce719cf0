#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "controllers/unit_cube.hpp"
#include "nas/core/random.hpp"

namespace nas {

/// A density over the points of a space: a weighted sum of product kernels, one around each
/// observation, and of the uniform density (the prior).
///
/// A kernel is a way to draw a point choice by choice. A number is normal around the observed one,
/// cut off at the ends of its axis; an unordered option is the observed one or, rarely, any. What
/// is active in the point but not in the observation is uniform. So kernels are densities over a
/// space with conditions, too, and those of points with unlike active choices can be compared.
/// Densities are relative to the uniform one.
class ParzenMixture {
 public:
  /// Bandwidths are parts of an axis.
  struct Settings {
    /// Times Scott's rule: standard deviation / observations^(1 / (choices + 4)).
    double bandwidth = 1;
    /// No kernel is narrower.
    double least_bandwidth = 0.01;
    /// Weight of the prior beside observations whose weights sum to their number.
    double prior_weight = 1;
  };

  /// `rows` are coordinates (UnitCube) of the observations, one after another; `weights`, one
  /// each, are positive. References outlive it.
  ParzenMixture(const UnitCube& cube, std::span<const double> rows, std::span<const double> weights,
                const Settings& settings);

  /// A point that one kernel draws; NaN where a choice is not active.
  std::vector<double> draw(RandomStream& random) const;
  double log_density(std::span<const double> point) const;

 private:
  /// The kernels along one axis.
  struct Factors {
    /// Of each kernel the coordinate; 0 where not active.
    std::vector<double> centres;
    /// Log of the density at the centre; 0 where not active.
    std::vector<double> peaks;
    /// 1 where the observation has the choice, else 0.
    std::vector<double> given;
    double bandwidth = 1;
    /// Log densities of an unordered option that is, or is not, the observed one.
    double same = 0;
    double other = 0;
    /// Where the axis has few bins, the kernels' and log densities [bin * bins + kernel's bin].
    std::vector<size_t> bins;
    std::vector<double> bin_logs;
    bool always_given = true;
  };

  Factors factors_of(size_t choice, std::span<const double> rows, const Settings& settings) const;
  void set_shape(size_t choice, Factors& factors) const;
  double draw_coordinate(size_t choice, size_t kernel, RandomStream& random) const;
  void add_factor(size_t choice, double coordinate, std::vector<double>& logs) const;

  const UnitCube* cube_;
  size_t kernels_;
  std::vector<double> weights_;          // of the kernels, the prior last; sum 1
  std::vector<double> log_weights_;      // with the peaks of axes that are always active
  std::vector<double> cumulated_;        // of weights_
  std::vector<Factors> factors_;         // by choice
  mutable std::vector<double> scratch_;  // log densities of the kernels
};

}  // namespace nas
