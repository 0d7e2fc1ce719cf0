#include "nas/evaluate/network_training.hpp"

#include "nas/torch/format.hpp"

#include <cmath>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"
#include "nas/evaluate/training_run.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/compression.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/failures.hpp"

namespace nas {
namespace {

std::vector<double> numbers_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.to(torch::kCPU, torch::kDouble).contiguous().flatten();
  return {flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel()};
}

/// All that a reader needs to use the weights.
Json weights_metadata(const Space& space, const Point& point,
                      const NetworkTrainingSetting& setting) {
  const TrainingData& data = setting.data;
  Json metadata = {{"space", space.name()},
                   {"arch", space.text(point)},
                   {"input", to_text(data.task.input)},
                   {"classes", data.class_names},
                   {"mean", numbers_of(data.normalization.mean)},
                   {"deviation", numbers_of(data.normalization.deviation)}};
  if (data.log_mel) metadata["log_mel"] = to_json_text(*data.log_mel);
  const DecisionRule& rule = setting.rule;
  if (rule.temperature != 1) metadata["temperature"] = rule.temperature;
  if (!std::isnan(rule.threshold)) metadata["threshold"] = rule.threshold;
  if (data.features.empty()) return metadata;
  for (const TableFeature& feature : data.features) metadata["features"].push_back(feature.name);
  metadata["missing"] = data.medians;
  return metadata;
}

/// A hash of what the training is of; its configuration is taken as it would be written out.
std::string identity_of(const NetworkTrainingSetting& setting, TrainConfig config,
                        const Point& point) {
  const std::string options =
      read_config_text("{}", "training", {}, [&](Section& section) { describe(section, config); });
  const Space& space = setting.context.space;
  return sha256(fmt::format("{}\n{}\n{}\n{}", space.name(), space.text(point), options,
                            setting.data.train.size()));
}

/// Epochs count from 1.
LearningCurve curve_of(const Json& history) {
  LearningCurve curve;
  for (const Json& metrics : history) {
    curve.push_back({static_cast<int64_t>(curve.size()) + 1, metrics.get<Metrics>()});
  }
  return curve;
}

/// The configuration with what the point says of the training. The number of epochs is that of the
/// budget or of the stage where these give one.
TrainConfig with_point(const NetworkTrainingSetting& setting, const Assignment& assignment,
                       const Point& point) {
  Settings settings = training_settings(setting.context.space, point);
  if (assignment.budget > 0 || assignment.job == Job::retrain) {
    std::erase_if(settings, [](const auto& entry) { return entry.first == "epochs"; });
  }
  return with_settings(setting.config, settings);
}

/// That of the training it goes on from, where the point has changed since.
std::string origin_identity(const NetworkTrainingSetting& setting, const Assignment& assignment) {
  if (!assignment.origin || assignment.origin->point == *assignment.point) return "";
  const Point& point = assignment.origin->point;
  return identity_of(setting, with_point(setting, assignment, point), point);
}

/// The last one in the folder; where several processes train, the first one's, in all of them.
std::optional<Checkpoint> last_checkpoint(const NetworkTrainingSetting& setting,
                                          const std::filesystem::path& folder) {
  const auto load = [&] { return load_checkpoint(folder, setting.context.warn); };
  return setting.together ? shared_checkpoint(*setting.together->group, load) : load();
}

/// Weights and curve, and the checkpoint that a promotion goes on from.
void leave_results(const NetworkTrainingSetting& setting, const Assignment& assignment,
                   const Training& training, int64_t epochs) {
  save_safetensors(assignment.folder / "weights.safetensors", training.trained_weights(),
                   weights_metadata(setting.context.space, *assignment.point, setting));
  write_file_atomically(assignment.folder / "learning_curve.json", training.history().dump());
  // A promotion goes on from here; what it would do from scratch is the same.
  if (training.epochs_done() == epochs && !training.done()) {
    save_checkpoint(assignment.folder, training.steps_done(), training.checkpoint());
  } else {
    remove_checkpoints(assignment.folder);
  }
}

Outcome train(const NetworkTrainingSetting& setting, const Assignment& assignment,
              Monitor& monitor) {
  const TrainConfig config = with_point(setting, assignment, *assignment.point);
  const Space& space = setting.context.space;
  const auto plan = space.network(*assignment.point);
  if (!plan) throw UsageError("space " + std::string(space.name()) + " describes no networks");
  const Cost counted = cost(*plan, setting.data.task.input);
  std::filesystem::create_directories(assignment.folder);
  Training training(
      {config, assignment.seed, setting.device, identity_of(setting, config, *assignment.point),
       origin_identity(setting, assignment), std::nullopt, std::nullopt, setting.together},
      *plan, setting.data);
  if (const auto saved = last_checkpoint(setting, assignment.folder)) {
    training.restore(*saved);
    monitor.recall(curve_of(training.history()));
  }
  const int64_t epochs = last_epoch(assignment, config.epochs);
  const auto& checkpoints = setting.context.execution.checkpoint;
  if (auto failure = run_training(training, epochs, checkpoints, assignment.folder, monitor)) {
    return *failure;
  }
  if (!training.not_recorded().empty()) {
    setting.context.warn("steps are not recorded as a CUDA graph: " + training.not_recorded());
  }
  Metrics metrics = training.metrics();
  metrics.merge(setting.finally(training));
  if (!all_finite(metrics)) return diverged();
  metrics["parameters"] = static_cast<double>(counted.parameters);
  metrics["multiply_adds"] = static_cast<double>(counted.multiply_adds);
  if (training.leads()) leave_results(setting, assignment, training, epochs);
  return Score{metrics, std::nullopt};
}

}  // namespace

Outcome train_network(const NetworkTrainingSetting& setting, const Assignment& assignment,
                      Monitor& monitor) {
  try {
    return with_failures([&] { return train(setting, assignment, monitor); });
  } catch (const InputError& error) {
    return Failure{"error", error.what()};
  }
}

}  // namespace nas
