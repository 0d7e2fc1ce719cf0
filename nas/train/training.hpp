#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "nas/core/json.hpp"
#include "nas/data/batch_inputs.hpp"
#include "nas/data/dataset.hpp"
#include "nas/search/trial.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/repeated_work.hpp"
#include "nas/train/checkpoint.hpp"
#include "nas/train/distillation.hpp"
#include "nas/train/fake_quantization.hpp"
#include "nas/train/moving_average.hpp"
#include "nas/train/optimizer.hpp"
#include "nas/train/together_setting.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

struct TrainingSetting {
  TrainConfig config;
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
  /// Text that tells this training from others: a checkpoint of another one is refused.
  std::string identity;
  /// That of the training that this one goes on from after an epoch, with another configuration:
  /// its checkpoint is taken, too. Empty: there is none.
  std::string origin = {};
  /// What else it learns from.
  std::optional<Teacher> teacher = std::nullopt;
  /// It computes with numbers on grids, and learns for that.
  std::optional<FakeQuantizationSetting> quantization = std::nullopt;
  /// Nothing: one process alone.
  std::optional<TogetherSetting> together = std::nullopt;
};

/// The training of one network, step by step. Everything random is a function of (seed, step): data
/// order, augmentation, drop-path; so the state is weights, optimizer, average, sums and the step.
/// Processes that train together have the same state, and it is that of one process but for
/// rounding: each has its part of a step's batch, and gradients are summed.
class Training {
 public:
  /// `data` outlives the training.
  Training(const TrainingSetting& setting, const NetworkPlan& plan, const TrainingData& data);

  /// Whether it is so in any of the processes that train together.
  bool anywhere(bool here) const;
  /// Of the processes that train together, the one that saves.
  bool leads() const;

  bool done() const { return epochs_done() == setting_.config.epochs; }
  void step();
  /// Why steps are not recorded on the device, where somebody should know; empty else.
  const std::string& not_recorded() const { return steps_.refusal(); }
  bool at_epoch_end() const { return step_ % steps_per_epoch_ == 0; }
  int64_t steps_done() const { return step_; }
  int64_t epochs_done() const { return step_ / steps_per_epoch_; }

  /// Whether weights, running statistics and the epoch's losses are finite numbers; waits for the
  /// device.
  bool finite() const;
  /// train_loss, train_accuracy (of the epoch, while it trained), and the validation split's as
  /// `score` gives them. Call once after each epoch's last step.
  Metrics finish_epoch();
  /// Of the last finished epoch.
  const Metrics& metrics() const { return metrics_; }
  /// Metrics by epoch.
  const Json& history() const { return history_; }

  /// Scores the trained network (its average where there is one) on other examples.
  Metrics score_on(const Examples& examples, const std::string& split);
  /// What it says of examples.
  Decisions decide_on(const Examples& examples);
  /// The weights that are scored; where they are quantized for that, as they are before.
  NamedTensors trained_weights() const;

  Checkpoint checkpoint() const;
  /// Throws UsageError where the checkpoint is of another training, InputError where it lacks
  /// something.
  void restore(const Checkpoint& checkpoint);

 private:
  void share_batches();
  torch::Tensor batch_indices() const;
  /// Of outputs [N, classes], by the configuration.
  torch::Tensor labelled_loss(const torch::Tensor& logits, const torch::Tensor& labels) const;
  /// Calls `use` while the network has the weights that are scored.
  void with_scored_weights(const std::function<void()>& use);
  torch::Tensor loss_of(const std::vector<torch::Tensor>& outputs, const torch::Tensor& images,
                        const torch::Tensor& labels) const;
  /// The part of a batch's mean loss that is this process'.
  torch::Tensor share_of(const torch::Tensor& loss) const;
  /// What a step gives to the device, of what was set before; all but the average's part.
  void compute();
  /// Forward and backward over a batch; its {loss, hits}, float64.
  torch::Tensor find_gradients();
  Json identity() const;
  void check_identity(const Json& state) const;

  TrainingSetting setting_;
  const TrainingData& data_;
  std::shared_ptr<Network> network_;
  std::optional<FakeQuantization> quantization_;
  Optimizer optimizer_;
  std::optional<MovingAverage> average_;
  int64_t batch_size_;
  int64_t steps_per_epoch_;
  BatchInputs inputs_;
  RepeatedWork steps_;
  int64_t step_ = 0;
  torch::Tensor class_weights_;
  torch::Tensor sums_;  // float64 [2] on the device: loss and hits of the epoch so far
  mutable torch::Tensor order_;
  mutable int64_t order_epoch_ = -1;
  Metrics metrics_;
  Json history_ = Json::array();
};

}  // namespace nas
