#pragma once

#include <cstdint>
#include <vector>

#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"

namespace nas {

struct RidgeOptions {
  /// Predictors, each fitted to a bootstrap of the observations.
  int64_t members = 5;
  /// Of the ridge, relative to targets of variance 1.
  double penalty = 0.3;
  /// Weight of each further choice in a product of features; 0: the bias alone.
  double interaction = 0.3;
};

struct Prediction {
  double mean = 0;
  double deviation = 0;  // between the members
};

/// An ensemble of ridge regressions on all products of one feature per choice: one-hot options,
/// and hat functions over (logarithmic) intervals; a choice that is not active is an option of its
/// own. Solved in the dual: the inner product of two points is the product over the choices of
/// (1 + interaction * similarity) / (1 + interaction). The mean that `prior` predicts, fitted to
/// something that is known of more points, is one more feature.
class RidgeEnsemble {
 public:
  /// `choices` and `prior`, which may be null, outlive the ensemble.
  RidgeEnsemble(const Choices& choices, const RidgeOptions& options,
                const RidgeEnsemble* prior = nullptr)
      : choices_(&choices), options_(options), prior_(prior) {}

  void fit(const std::vector<Point>& points, const std::vector<double>& targets,
           RandomStream& random);
  Prediction predict(const Point& point) const;

 private:
  using Row = std::vector<double>;

  Row encoded(const Point& point) const;
  double inner_product(const Row& a, const Row& b) const;
  Row fit_member(const std::vector<Row>& gram, const std::vector<double>& targets,
                 const std::vector<int64_t>& copies) const;

  const Choices* choices_;
  RidgeOptions options_;
  const RidgeEnsemble* prior_;
  std::vector<Row> rows_;     // [points, choices and the prior's prediction]
  std::vector<Row> weights_;  // [members, points]
  double bias_ = 0;
};

}  // namespace nas
