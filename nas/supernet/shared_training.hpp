#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>

#include "nas/search/space.hpp"
#include "nas/search/trial.hpp"
#include "nas/supernet/example_batches.hpp"
#include "nas/supernet/shared_network.hpp"
#include "nas/train/checkpoint.hpp"
#include "nas/train/optimizer.hpp"

namespace nas {

struct SharedTrainingSetting {
  TrainConfig config;
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
  int64_t steps_per_epoch = 1;
};

/// The training of the weights that the points of a space share: on which points and batches, the
/// caller says. Everything else random is a function of (seed, step).
class SharedTraining {
 public:
  /// `space` outlives this. Throws UsageError for a space whose points share no weights.
  SharedTraining(const SharedTrainingSetting& setting, const Space& space);

  /// One update by the sum of the gradients of all points, each on `batch`.
  void step(std::span<const Point> points, const Batch& batch);
  int64_t steps_done() const { return step_; }

  /// False once a weight, a running statistic or a loss is not a finite number.
  bool finite() const;
  /// supernet_train_loss and supernet_train_accuracy (percent): means over the steps since the last
  /// call, while they trained.
  Metrics finish_epoch();

  const SharedNetwork& network() const { return network_; }

  /// Tensors share storage with the training.
  Checkpoint checkpoint() const;
  /// Throws InputError where the checkpoint is of another training.
  void restore(const Checkpoint& checkpoint);

 private:
  SharedTrainingSetting setting_;
  const Space& space_;
  SharedNetwork network_;
  Optimizer optimizer_;
  int64_t step_ = 0;
  torch::Tensor sums_;  // float64 [3] on the device: losses, hits and examples
};

}  // namespace nas
