#pragma once

#include <cstdint>

#include "nas/train/train_config.hpp"

namespace nas {

class Section;

/// Which points a step of shared weights trains. uniform: one, uniform over each choice (Guo et al.
/// 2020, section 3.2). fair: as many as the largest choice has options, so that every option of
/// every choice is trained equally often, by one update with the sum of their gradients (Chu et al.
/// 2021, algorithm 1).
enum class PathSampling { uniform, fair };

/// `evaluator:` of type one_shot.
struct OneShotConfig {
  /// Of the shared weights; knows no moving average, auxiliary head and drop-path.
  TrainConfig training;
  PathSampling sampling = PathSampling::uniform;
  /// Batches of training data, of batch_size examples, that a scored point's batch norms are
  /// recalibrated on; 0: scored with the shared statistics.
  int64_t recalibration_batches = 20;
};

void describe(Section& section, OneShotConfig& config);

}  // namespace nas
