#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nas/search/cutoffs.hpp"
#include "nas/search/objective.hpp"

namespace nas {

class Section;

/// When rules of early stopping may speak; defaults of Optuna's pruners.
struct StoppingOptions {
  std::string metric;          // that trials report on the way; empty: that of the first objective
  int64_t startup_trials = 5;  // that are complete before any is stopped
  int64_t warmup_steps = 0;    // no trial stops before it has done so many
  int64_t interval = 1;        // steps from one check to the next
  int64_t minimum_trials = 1;  // that a step's cutoff follows from
};

void describe(Section& section, StoppingOptions& options);

/// What trials are compared by: `metric`, the better the same way as the first objective.
Objective compared(const StoppingOptions& options, const Objective& first);

/// The cutoffs at the steps of `values` where the options allow any: the `share` quantile of each
/// step's values counted from the worst, between neighbours by their distance.
Cutoffs cutoffs_at(const std::map<int64_t, std::vector<double>>& values, double share,
                   const StoppingOptions& options, const Objective& objective);

}  // namespace nas
