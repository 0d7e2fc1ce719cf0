#pragma once

#include <variant>
#include <vector>

#include "nas/core/decision_metrics.hpp"
#include "nas/evaluate/network_training.hpp"

namespace nas {

/// What networks say of examples that each of them did not learn from.
struct HeldOut {
  Metrics metrics;      // by name the mean over the networks
  Decisions decisions;  // of all these examples, part after part
};

/// Trains the assignment's network from scratch for each of `parts`, with a seed of its own, and
/// has it decide on the part's validation examples. Each part that is done is reported as progress
/// and kept in folds.json until all are, so that it is not done again. Where the monitor stops it
/// the metrics are those of the parts done so far. `setting.data` and `setting.finally` are not
/// used.
std::variant<HeldOut, Failure> cross_validate(const NetworkTrainingSetting& setting,
                                              const std::vector<TrainingData>& parts,
                                              const Assignment& assignment, Monitor& monitor);

}  // namespace nas
