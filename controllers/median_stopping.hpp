#pragma once

#include <memory>

#include "controllers/stopping_options.hpp"
#include "nas/search/stopping_rule.hpp"

namespace nas {

struct MedianStoppingOptions : StoppingOptions {};

/// Golovin et al. 2017, section 3.2.2: a trial stops after a step where its best value so far is
/// worse than the median of the complete trials' means up to that step.
std::unique_ptr<StoppingRule> make_median_stopping(const MedianStoppingOptions& options,
                                                   const Objective& objective);

}  // namespace nas
