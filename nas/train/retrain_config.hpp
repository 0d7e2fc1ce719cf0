#pragma once

#include <cstdint>

#include "nas/train/together_config.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

class Section;

/// `stages.retrain`: how the best point is trained from scratch. Where the evaluator trains, its
/// values are the defaults of `training`.
struct RetrainConfig {
  /// Independent trainings, for a mean and a spread.
  int64_t seeds = 3;
  TogetherConfig together;
  TrainConfig training;
};

void describe(Section& section, RetrainConfig& config);

}  // namespace nas
