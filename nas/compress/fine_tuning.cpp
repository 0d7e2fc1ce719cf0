#include "nas/compress/fine_tuning.hpp"

#include "nas/core/error.hpp"
#include "nas/evaluate/training_run.hpp"
#include "nas/torch/format.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/named_tensors.hpp"

namespace nas {
namespace {

/// Lets a training that has made no step begin with these weights.
void start_from(Training& training, const NamedTensors& weights) {
  Checkpoint start = training.checkpoint();
  for (const char* prefix : {"network.", "average."}) {
    NamedTensors own = below_prefix(prefix, start.tensors);
    if (!own.empty()) copy_named("weights", weights, own);
  }
  training.restore(start);
}

}  // namespace

std::optional<Teacher> teacher_of(const DistillationConfig& config, const NetworkPlan& plan,
                                  const NamedTensors& weights, torch::Device device) {
  if (config.weight == 0) return std::nullopt;
  const auto network = build_network(plan, 0, device);
  load_state(*network, weights);
  return Teacher{network, config.weight, config.temperature};
}

std::variant<NamedTensors, Failure> fine_tuned_or_failure(const FineTuning& fine_tuning,
                                                          Monitor& monitor) {
  std::filesystem::create_directories(fine_tuning.folder);
  Training training(fine_tuning.setting, fine_tuning.plan, fine_tuning.data);
  start_from(training, fine_tuning.weights);
  if (const auto saved = load_checkpoint(fine_tuning.folder, fine_tuning.warn)) {
    training.restore(*saved);
  }
  if (auto failure = run_training(training, fine_tuning.setting.config.epochs,
                                  fine_tuning.checkpoints, fine_tuning.folder, monitor)) {
    return *failure;
  }
  NamedTensors weights;
  for (const auto& [name, tensor] : training.trained_weights()) {
    weights.emplace_back(name, tensor.detach().clone());
  }
  return weights;
}

NamedTensors fine_tuned(const FineTuning& fine_tuning, Monitor& monitor) {
  auto outcome = fine_tuned_or_failure(fine_tuning, monitor);
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    throw RunError(fmt::format("fine-tuning: {}: {}", failure->kind, failure->reason));
  }
  return std::get<NamedTensors>(std::move(outcome));
}

}  // namespace nas
