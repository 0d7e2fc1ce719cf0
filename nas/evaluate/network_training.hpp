#pragma once

#include <functional>
#include <optional>

#include "nas/data/dataset.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/train/train_config.hpp"
#include "nas/train/training.hpp"

namespace nas {

/// What one training needs beside its assignment. References outlive the call.
struct NetworkTrainingSetting {
  const TrainConfig& config;
  const EvaluatorContext& context;
  const TrainingData& data;
  torch::Device device;
  /// More figures of the trained network.
  std::function<Metrics(Training&)> finally;
  /// How decisions follow from its outputs, for whoever gets the weights.
  DecisionRule rule = {};
  /// The processes that train it together, all of which make the same call; the first of them alone
  /// reads and writes the assignment's folder. Nothing: this one alone.
  std::optional<TogetherSetting> together = std::nullopt;
};

/// Trains an assignment's network from its last checkpoint, or from scratch, to the end, to that of
/// its budget, or until the monitor has it stop. The state stays where there is more to train.
/// Divergence, lack of memory and errors of LibTorch are Failures; throws Interrupted after saving.
Outcome train_network(const NetworkTrainingSetting& setting, const Assignment& assignment,
                      Monitor& monitor);

}  // namespace nas
