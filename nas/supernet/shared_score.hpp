#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "nas/data/dataset.hpp"
#include "nas/search/space.hpp"
#include "nas/search/trial.hpp"
#include "nas/supernet/shared_network.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

struct SharedScoreSetting {
  /// Batch sizes and precision.
  TrainConfig config;
  int64_t recalibration_batches = 20;
  /// Decides which training examples batch norms are recalibrated on.
  uint64_t seed = 0;
};

/// Scores points by shared weights: a copy of their part, its batch norms recalibrated on training
/// examples, on the validation split. A pure function of the weights and the point.
class SharedScore {
 public:
  /// References outlive this.
  SharedScore(const SharedScoreSetting& setting, const Space& space, const TrainingData& data);

  /// validation_accuracy (percent) and validation_loss; nothing where the split is empty.
  Metrics operator()(const SharedNetwork& network, const Point& point) const;

 private:
  SharedScoreSetting setting_;
  const Space& space_;
  const TrainingData& data_;
  std::vector<torch::Tensor> batches_;  // [N, C, H, W]
};

}  // namespace nas
