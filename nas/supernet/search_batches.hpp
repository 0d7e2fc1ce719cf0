#pragma once

#include <torch/types.h>

#include <cstdint>
#include <utility>

#include "nas/data/dataset.hpp"
#include "nas/supernet/architecture_step.hpp"
#include "nas/supernet/example_batches.hpp"

namespace nas {

struct SearchBatchesSetting {
  /// Share of the training split that trains the weights.
  double train_portion = 0.5;
  int64_t batch_size = 64;
  AugmentConfig augment;
  /// Decides which examples train the weights; stratified by class.
  uint64_t split_seed = 0;
  /// Decides orders and augmentation.
  uint64_t seed = 0;
  std::optional<TogetherSetting> together = std::nullopt;
};

/// The training split in two halves, one for the weights and one for the architecture. Batches are
/// functions of the step alone, so that there is no position to save: every pass over a half has an
/// order of its own, and where the halves differ in length each goes round by itself.
class SearchBatches {
 public:
  /// Throws UsageError where a half has fewer than two examples. `data` outlives this.
  SearchBatches(const TrainingData& data, const SearchBatchesSetting& setting);

  /// Steps of one pass over the weights' half.
  int64_t steps_per_epoch() const { return weights_.steps_per_pass(); }
  Batch for_weights(int64_t step) { return weights_.at(step); }
  Batch for_architecture(int64_t step) { return architecture_.at(step); }
  /// The same, in two parts: what tells the batches of a step from others, and the batches.
  void set(int64_t step);
  Batch for_weights() const { return weights_.batch(); }
  Batch for_architecture() const { return architecture_.batch(); }
  /// Whether both batches of a step have as many examples as most.
  bool whole(int64_t step) const { return weights_.whole(step) && architecture_.whole(step); }
  /// Positions in the training split, int64 [N].
  const torch::Tensor& weights_half() const { return weights_.examples(); }
  const torch::Tensor& architecture_half() const { return architecture_.examples(); }

 private:
  SearchBatches(const TrainingData& data, const SearchBatchesSetting& setting,
                const std::pair<torch::Tensor, torch::Tensor>& halves);

  ExampleBatches weights_;
  ExampleBatches architecture_;
};

/// Percent of examples that the supernet, in evaluation mode, labels rightly. Leaves it in training
/// mode.
double supernet_accuracy(Supernet& supernet, const Examples& examples, const torch::Tensor& indices,
                         const Normalization& normalization);

}  // namespace nas
