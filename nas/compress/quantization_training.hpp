#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "nas/compress/fine_tuning.hpp"
#include "nas/quantize/quantize.hpp"

namespace nas {

/// One quantization-aware training. References outlive the call.
struct QuantizationTrainingSetting {
  const FineTuneConfig& config;
  const CheckpointConfig& checkpoints;
  /// What the network was trained on.
  const TrainingData& data;
  /// As quantized after training: where it begins.
  const QuantizedNetwork& start;
  /// The network in float32, for distillation.
  const NetworkPlan& plan;
  const Weights& weights;
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
  /// Of its checkpoints.
  std::filesystem::path folder;
  std::string identity;
  std::function<void(const std::string&)> warn;
};

/// Trains the network with its values and weights on their grids (Jacob et al. 2018; the scales of
/// values are learnt: Esser et al. 2020), from the last checkpoint in the folder. Throws RunError
/// where the training fails, Interrupted after saving.
TrainedQuantization train_quantized(const QuantizationTrainingSetting& setting, Monitor& monitor);

}  // namespace nas
