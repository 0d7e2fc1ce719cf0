#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nas/data/augment_config.hpp"
#include "nas/data/data_config.hpp"
#include "nas/data/reader.hpp"

namespace nas {

/// Examples resident on a device.
struct Examples {
  /// uint8 [N, C, H, W]; of a table float32 [N, features, 1, 1], of recordings float32
  /// [N, 1, mels, columns]
  torch::Tensor images;
  torch::Tensor labels;  // int64 [N]
  int64_t size() const { return labels.defined() ? labels.size(0) : 0; }
};

/// Of pixels scaled to 0..1, of a table's numbers as they are (0 and 1 for codes), of spectrograms
/// as they are, per channel, from the training split alone; float32 [1, C, 1, 1].
struct Normalization {
  torch::Tensor mean;
  torch::Tensor deviation;
};

struct TrainingData {
  Examples train;
  Examples validation;  // empty for retraining
  Normalization normalization;
  TaskShape task;
  std::vector<std::string> class_names;
  /// Of a table: its features, and by feature the training split's median, which stands for a
  /// missing number.
  std::vector<TableFeature> features;
  std::vector<float> medians;
  /// Of recordings: how their spectrograms were made.
  std::optional<LogMel> log_mel;
};

/// Train and validation split.
TrainingData load_for_search(const DataConfig& config, torch::Device device);
/// The same for cross-validation, once for each of `folds` parts as validation split; where there
/// are none the configured split alone.
std::vector<TrainingData> load_parts(const DataConfig& config, int64_t folds, torch::Device device);
/// Training and validation examples together as `train`.
TrainingData load_for_retraining(const DataConfig& config, torch::Device device);
/// Called once, at the very end of a retraining.
Examples load_test(const DataConfig& config, torch::Device device);

/// float32 [B, C, H, W], channels_last, scaled and normalised, for examples `indices` (int64 [B] on
/// the same device).
torch::Tensor normalized(const Examples& examples, const torch::Tensor& indices,
                         const Normalization& normalization);

/// The same with augmentation, drawn from `seed` alone: make it from (seed, epoch, step).
/// Done on the device of the examples. Throws InputError for augmentation of another kind of data.
torch::Tensor augmented(const Examples& examples, const torch::Tensor& indices,
                        const Normalization& normalization, const AugmentConfig& config,
                        uint64_t seed);

/// Examples first .. first + count - 1 of a batch.
struct BatchPart {
  torch::Tensor indices;  // int64 [B], the whole batch's
  int64_t first = 0;
  int64_t count = 0;
};

/// The same of a part of a batch: each example as it would be in the whole.
torch::Tensor augmented(const Examples& examples, const BatchPart& part,
                        const Normalization& normalization, const AugmentConfig& config,
                        uint64_t seed);

/// What happens to the examples of a batch of `count`, on the CPU and from `seed` alone: one row an
/// example; undefined where nothing is random. Throws InputError as augmented() does.
torch::Tensor augmentation_draws(const Examples& examples, int64_t count,
                                 const AugmentConfig& config, uint64_t seed);
/// The same with what happens by the rows of `draws`, on the device of the examples: nothing is
/// read from the host.
torch::Tensor augmented(const Examples& examples, const torch::Tensor& indices,
                        const Normalization& normalization, const AugmentConfig& config,
                        const torch::Tensor& draws);

/// The order of an epoch's examples, int64 [count] on the device: a permutation of 0..count-1 that
/// depends on (seed, epoch) alone and not on the device.
torch::Tensor epoch_order(int64_t count, uint64_t seed, int64_t epoch, torch::Device device);

}  // namespace nas
