#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controllers/once_for_all.hpp"
#include "controllers/shrinking_schedule.hpp"
#include "nas/core/json.hpp"
#include "nas/data/dataset.hpp"
#include "nas/search/space.hpp"
#include "nas/supernet/example_batches.hpp"
#include "nas/supernet/shared_network.hpp"
#include "nas/supernet/shared_score.hpp"
#include "nas/train/checkpoint.hpp"
#include "nas/train/optimizer.hpp"

namespace nas {

struct OnceForAllSetting {
  OnceForAllOptions options;
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
};

/// Progressive shrinking (Cai et al. 2020, section 3.3): the largest network of a space is trained
/// alone; then each phase lets more choices be small, and each step adds up the gradients of
/// several networks, taught by the labels and by the largest network as it was. A pure function of
/// setting, space and data: random numbers are keyed by the step, and what checkpoint() holds is
/// all that there is to restore.
class OnceForAllTraining {
 public:
  /// References outlive this. Throws UsageError for a space whose largest network does not hold the
  /// weights of all others, and where a phase opens no choice.
  OnceForAllTraining(const OnceForAllSetting& setting, const Space& space,
                     const TrainingData& data);

  bool done() const { return step_ == schedule_.steps(); }
  bool at_epoch_end() const { return step_ > 0 && step_ % schedule_.steps_per_epoch() == 0; }
  int64_t steps_done() const { return step_; }
  int64_t epochs_done() const { return step_ / schedule_.steps_per_epoch(); }
  int64_t epochs() const { return schedule_.epochs(); }

  void step();
  /// False once a loss or a weight is not a finite number.
  bool finite() const;
  /// After the last step of an epoch: scores the largest and the smallest network of its phase and
  /// adds to the history.
  Metrics finish_epoch();

  const SharedNetwork& network() const { return network_; }
  /// Metrics of each epoch so far.
  const Json& history() const { return history_; }
  const Metrics& metrics() const { return metrics_; }

  /// Tensors share storage with the training.
  Checkpoint checkpoint() const;
  /// Throws InputError where the checkpoint is of another training.
  void restore(const Checkpoint& checkpoint);

 private:
  struct Optimizers {
    Optimizer decayed;
    Optimizer undecayed;  // biases and norms
  };
  void begin_phase();
  void make_optimizers();
  void make_teacher();
  bool taught(size_t phase) const { return phase > 0 && setting_.options.distillation > 0; }
  torch::Tensor loss_of(const torch::Tensor& logits, const Batch& batch,
                        const torch::Tensor& taught) const;
  Json identity() const;

  OnceForAllSetting setting_;
  const Space& space_;
  const TrainingData& data_;
  ExampleBatches batches_;
  ShrinkingSchedule schedule_;
  SharedNetwork network_;
  SharedScore score_;
  std::optional<Optimizers> optimizers_;
  std::shared_ptr<Network> teacher_;
  int64_t step_ = 0;
  torch::Tensor loss_;  // float64, sum over the epoch
  Metrics metrics_;
  Json history_ = Json::array();
};

}  // namespace nas
