#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nas/data/dataset.hpp"
#include "nas/supernet/architecture_step.hpp"

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
};

/// The training split in two halves, one for the weights and one for the architecture. Batches are
/// functions of the step alone, so that there is no position to save: every pass over a half has an
/// order of its own, and where the halves differ in length each goes round by itself.
class SearchBatches {
 public:
  /// Throws UsageError where a half has fewer than two examples. `data` outlives this.
  SearchBatches(const TrainingData& data, const SearchBatchesSetting& setting);

  /// Steps of one pass over the weights' half.
  int64_t steps_per_epoch() const { return weights_.batches; }
  Batch for_weights(int64_t step) { return batch(weights_, step); }
  Batch for_architecture(int64_t step) { return batch(architecture_, step); }
  /// Positions in the training split, int64 [N].
  const torch::Tensor& weights_half() const { return weights_.indices; }
  const torch::Tensor& architecture_half() const { return architecture_.indices; }

 private:
  struct Half {
    torch::Tensor indices;
    int64_t batches = 0;  // a pass
    uint64_t order_seed = 0;
    uint64_t augment_seed = 0;
    int64_t pass = -1;    // that `order` is of
    torch::Tensor order;  // into the training split
  };
  Half make_half(const std::vector<int64_t>& indices, std::string_view name) const;
  Batch batch(Half& half, int64_t step) const;

  const TrainingData& data_;
  SearchBatchesSetting setting_;
  Half weights_;
  Half architecture_;
};

/// Percent of examples that the supernet, in evaluation mode, labels rightly. Leaves it in training
/// mode.
double supernet_accuracy(Supernet& supernet, const Examples& examples, const torch::Tensor& indices,
                         const Normalization& normalization);

}  // namespace nas
