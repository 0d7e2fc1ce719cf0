#pragma once

#include <memory>

#include "controllers/stopping_options.hpp"
#include "nas/search/stopping_rule.hpp"

namespace nas {

struct PercentileStoppingOptions : StoppingOptions {
  /// Trials among the best so many in a hundred go on.
  double percentile = 25;
};

void describe(Section& section, PercentileStoppingOptions& options);

/// Optuna's PercentilePruner: a trial stops after a step where its best value so far is worse than
/// the percentile of the complete trials' values at that step.
std::unique_ptr<StoppingRule> make_percentile_stopping(const PercentileStoppingOptions& options,
                                                       const Objective& objective);

}  // namespace nas
