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

/// How many channels each group of layers loses; which ones the criterion says.
enum class PruneAllocation {
  scores,       // those with the least scores of all groups
  sensitivity,  // as many of each as make the loss grow by the same
};

/// Which weights are zero in a network that is masked.
enum class MaskPattern { none, unstructured, two_of_four };

/// `stages.prune`: how whole channels are removed from the retrained networks. Values of
/// `stages.retrain` are the defaults of `fine_tuning` (fine_tuning_of).
struct PruneConfig {
  PruneCriterion criterion = PruneCriterion::taylor;
  PruneAllocation allocation = PruneAllocation::scores;
  /// Shares of the whole network that are left at most; 1: no limit.
  double multiply_adds = 0.5;
  double parameters = 1;
  /// Bytes of weights that are left at most, at the widths that they will have in whole numbers
  /// (weight_bytes()); 0: no limit.
  int64_t weight_bytes = 0;
  /// Rounds, each with a fine-tuning; 1: all channels go at once.
  int64_t steps = 1;
  int64_t min_channels = 2;
  int64_t multiple_of = 1;
  /// Batches of training data that criterion taylor and allocation sensitivity look at.
  int64_t batches = 8;
  /// Zeros among the weights that are left, after all channels that go are gone.
  MaskPattern mask = MaskPattern::none;
  double sparsity = 0.5;  // unstructured
  FineTuneConfig fine_tuning;
};

void describe(Section& section, PruneConfig& config);

}  // namespace nas
