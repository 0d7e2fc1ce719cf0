#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nas/data/dataset.hpp"

namespace nas {

/// What a training step reads, in tensors that stay where they are: the examples of its batch by
/// their numbers, and what happens to them. So a step that was recorded on a device (RepeatedWork)
/// makes its batch itself, of what was written here before.
class BatchInputs {
 public:
  /// For batches of at most `most` examples of data.train; `data` outlives this.
  BatchInputs(const TrainingData& data, const AugmentConfig& augment, int64_t most);

  /// A part of a batch, augmented by `seed` alone, each example as it would be in the whole. The
  /// device is not waited for.
  void set(const BatchPart& part, uint64_t seed);

  /// Of the part that was set: float32 [N, C, H, W], and int64 [N].
  torch::Tensor images() const;
  torch::Tensor labels() const;

 private:
  const TrainingData& data_;
  AugmentConfig augment_;
  int64_t most_;
  int64_t count_ = 0;
  torch::Tensor indices_;  // int64 [most]
  torch::Tensor draws_;    // rows of augmentation_draws() [most, ...]; undefined without any
};

}  // namespace nas
