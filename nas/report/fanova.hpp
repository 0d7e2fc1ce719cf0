#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nas/report/regression_forest.hpp"

namespace nas {

/// Mean over a forest's trees, and their standard deviation.
struct Spread {
  double mean = 0;
  double deviation = 0;
};

/// How much of the variance of a forest's predictions, over coordinates uniform in the unit cube,
/// is due to each feature and each pair of them: functional analysis of variance, from the boxes of
/// the leaves (Hutter, Hoos & Leyton-Brown 2014, "An efficient approach for assessing
/// hyperparameter importance"). The variance that is shared out is that of the mean of the trees,
/// not of each tree as in the paper: single trees differ by chance, above all where features act
/// only together.
class Fanova {
 public:
  /// The forest outlives the object.
  explicit Fanova(const RegressionForest& forest);

  /// Share of the variance that a feature explains by itself, 0 to 1.
  double main_effect(size_t feature) const;
  /// Share that two features explain beyond their main effects; `a` and `b` differ.
  double interaction(size_t a, size_t b) const;
  /// What the trees predict at a coordinate of one feature, averaged over all others: the partial
  /// dependence. One entry a coordinate.
  std::vector<Spread> marginal(size_t feature, std::span<const double> coordinates) const;

 private:
  /// A leaf and the box of the unit cube that belongs to it.
  struct Leaf {
    double value = 0;
    std::vector<double> low;
    std::vector<double> high;
    double volume = 1;
  };
  using Leaves = std::vector<Leaf>;
  /// Where a feature is looked at, and the share of its range that stands for.
  struct Cells {
    std::vector<double> centres;
    std::vector<double> widths;
  };

  static Leaves leaves_of(const RegressionTree& nodes, size_t features);
  Cells cells_of(size_t feature) const;
  double variance_of(const RegressionForest& forest) const;
  double main_variance(size_t feature) const;
  double pair_variance(size_t a, size_t b) const;

  std::vector<Leaves> trees_;
  std::vector<Cells> cells_;  // of each feature
  double mean_ = 0;
  double variance_ = 0;
};

}  // namespace nas
