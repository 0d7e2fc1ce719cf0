#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "nas/search/evaluator.hpp"
#include "nas/train/checkpoint_config.hpp"
#include "nas/train/fine_tune_config.hpp"
#include "nas/train/training.hpp"

namespace nas {

/// The whole network as a teacher; nothing where it has no weight.
std::optional<Teacher> teacher_of(const DistillationConfig& config, const NetworkPlan& plan,
                                  const NamedTensors& weights, torch::Device device);

/// A training that begins with given weights. References outlive the call.
struct FineTuning {
  const TrainingSetting& setting;
  const CheckpointConfig& checkpoints;
  const TrainingData& data;
  const NetworkPlan& plan;
  const NamedTensors& weights;
  const std::filesystem::path& folder;
  const std::function<void(const std::string&)>& warn;
};

/// Trains to the end, going on from the last checkpoint in the folder; the weights that it ends
/// with, or why there are none. Throws Interrupted after saving.
std::variant<NamedTensors, Failure> fine_tuned_or_failure(const FineTuning& fine_tuning,
                                                          Monitor& monitor);

/// The same; throws RunError where it fails.
NamedTensors fine_tuned(const FineTuning& fine_tuning, Monitor& monitor);

}  // namespace nas
