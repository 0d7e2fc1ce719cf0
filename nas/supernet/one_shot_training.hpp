#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nas/core/json.hpp"
#include "nas/supernet/shared_training.hpp"
#include "nas/train/one_shot_config.hpp"

namespace nas {

struct OneShotSetting {
  OneShotConfig config;
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
};

/// Trains shared weights on points drawn at random, on the whole training split (Guo et al. 2020).
/// A pure function of setting, space and data; what checkpoint() holds is all that there is to
/// restore.
class OneShotTraining {
 public:
  /// References outlive this. Throws UsageError for a space whose points share no weights, or which
  /// cannot be sampled as the setting says.
  OneShotTraining(const OneShotSetting& setting, const Space& space, const TrainingData& data);

  bool done() const { return epochs_done() == epochs(); }
  bool at_epoch_end() const { return steps_done() > 0 && steps_done() % steps_per_epoch() == 0; }
  int64_t steps_done() const { return training_.steps_done(); }
  int64_t epochs_done() const { return steps_done() / steps_per_epoch(); }
  int64_t epochs() const { return setting_.config.training.epochs; }
  int64_t steps_per_epoch() const { return batches_.steps_per_pass(); }

  void step();
  bool finite() const { return training_.finite(); }
  /// Those of SharedTraining; adds them to the history.
  Metrics finish_epoch();
  /// Of the last finished epoch.
  Metrics metrics() const { return history_.back().get<Metrics>(); }
  /// Metrics by epoch.
  const Json& history() const { return history_; }
  const SharedNetwork& network() const { return training_.network(); }

  Checkpoint checkpoint() const;
  /// Throws InputError where the checkpoint is of another training.
  void restore(const Checkpoint& checkpoint);

 private:
  std::vector<Point> points() const;

  OneShotSetting setting_;
  const Space& space_;
  ExampleBatches batches_;
  SharedTraining training_;
  Json history_ = Json::array();
};

}  // namespace nas
