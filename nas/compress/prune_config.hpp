#pragma once

#include <cstdint>

#include "nas/train/fine_tune_config.hpp"

namespace nas {

class Section;

/// What says how much a channel matters.
enum class PruneCriterion {
  magnitude,   // L1 norm of its filters (Li et al. 2017)
  batch_norm,  // scale of its batch norms (Liu et al. 2017)
  taylor,      // first-order change of the loss without it (Molchanov et al. 2019)
  random,
};

/// `stages.prune`: how whole channels are removed from the retrained networks. Values of
/// `stages.retrain` are the defaults of `fine_tuning` (fine_tuning_of).
struct PruneConfig {
  PruneCriterion criterion = PruneCriterion::taylor;
  /// Shares of the whole network that are left at most; 1: no limit.
  double multiply_adds = 0.5;
  double parameters = 1;
  /// Rounds, each with a fine-tuning; 1: all channels go at once.
  int64_t steps = 1;
  int64_t min_channels = 2;
  int64_t multiple_of = 1;
  /// Batches of training data that criterion taylor looks at.
  int64_t batches = 8;
  FineTuneConfig fine_tuning;
};

void describe(Section& section, PruneConfig& config);

}  // namespace nas
