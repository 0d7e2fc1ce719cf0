#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

#include "nas/data/batch_inputs.hpp"
#include "nas/data/dataset.hpp"
#include "nas/train/together_setting.hpp"

namespace nas {

struct Batch {
  torch::Tensor images;  // float [N, C, H, W]
  torch::Tensor labels;  // int64 [N]
  /// Where several processes share a batch these are our examples of it.
  std::optional<TogetherSetting> together = std::nullopt;
  int64_t examples = 0;  // of the whole batch then
};

struct ExampleBatchesSetting {
  int64_t batch_size = 64;
  AugmentConfig augment;
  uint64_t order_seed = 0;
  uint64_t augment_seed = 0;
  std::optional<TogetherSetting> together = std::nullopt;
};

/// Some examples of a training split, pass after pass, each in an order of its own. Batches are
/// functions of the step alone, so that there is no position to save.
class ExampleBatches {
 public:
  /// `examples` are positions in the training split, int64 [N], N at least 2, on its device. `data`
  /// outlives this. Throws InputError where a batch has no example for one of several processes.
  ExampleBatches(const TrainingData& data, torch::Tensor examples,
                 const ExampleBatchesSetting& setting);

  /// Batches of one pass. A last one of a single example is left out: batch norm finds no variance
  /// in it.
  int64_t steps_per_pass() const { return batches_; }
  Batch at(int64_t step);
  /// at(), in two parts: what tells the batch of a step from others, and the batch of that.
  void set(int64_t step);
  Batch batch() const { return {inputs_.images(), inputs_.labels(), setting_.together, count_}; }
  /// Whether the batch of a step has as many examples as most.
  bool whole(int64_t step) const;
  const torch::Tensor& examples() const { return examples_; }

 private:
  torch::Tensor examples_;
  ExampleBatchesSetting setting_;
  BatchInputs inputs_;
  int64_t batches_;
  int64_t count_ = 0;    // examples of the batch that was set, in all processes
  int64_t pass_ = -1;    // that `order_` is of
  torch::Tensor order_;  // into the training split
};

/// Every position in the training split, int64 [N] on its device.
torch::Tensor all_examples(const Examples& examples);

}  // namespace nas
