#pragma once

#include "nas/train/train_config.hpp"

namespace nas {

class Section;

/// Learning from the outputs of the network before the change, beside the labels (Hinton et al.
/// 2015).
struct DistillationConfig {
  /// Share of the loss; 0: labels alone.
  double weight = 0;
  double temperature = 4;
};

/// How a trained network goes on training after it was changed: `stages.prune`,
/// `stages.quantize.training`.
struct FineTuneConfig {
  TrainConfig training;
  DistillationConfig distillation;
};

/// How a network is trained that is then made smaller: first whole, then as it will be.
struct CompressedTrainConfig {
  TrainConfig training;
  FineTuneConfig fine_tuning;
};

/// The defaults of a fine-tuning after a training from scratch: half of the epochs, a tenth of the
/// learning rate, no warm-up.
FineTuneConfig fine_tuning_of(TrainConfig training);

void describe(Section& section, FineTuneConfig& config);

}  // namespace nas
