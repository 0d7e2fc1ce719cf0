#pragma once

#include <cstdint>
#include <memory>

#include "controllers/ridge_ensemble.hpp"
#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct BananasOptions {
  /// Random points before the first prediction.
  int64_t startup_trials = 10;
  /// Points that a proposal is picked from, each by one to three mutations.
  int64_t candidates = 100;
  /// Best points that are mutated.
  int64_t parents = 30;
  /// Weight of the spread between predictors.
  double exploration = 1.5;
  RidgeOptions predictor;
};

void describe(Section& section, BananasOptions& options);

/// BANANAS (White et al. 2021), on flat choices: an ensemble of predictors, mutations of the best
/// points as candidates, independent Thompson sampling between them. Predictors are ridge
/// regressions on products of one-hot features instead of networks on path encodings, and predict
/// normal scores of ranks. No point is proposed twice. After a screening its best come in place of
/// the random points, and the ranks that it predicts are one more feature.
std::unique_ptr<Controller> make_bananas(const BananasOptions& options,
                                         const SearchContext& context);

}  // namespace nas
