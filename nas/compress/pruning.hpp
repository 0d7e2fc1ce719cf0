#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "nas/compress/prune_config.hpp"
#include "nas/data/dataset.hpp"
#include "nas/plan/channel_coupling.hpp"
#include "nas/plan/compression.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/train/checkpoint_config.hpp"

namespace nas {

/// One pruning of a trained network. References outlive the call.
struct PruningSetting {
  const PruneConfig& config;
  const CheckpointConfig& checkpoints;
  /// What the network was trained on; the fine-tunings see the same.
  const TrainingData& data;
  /// The whole network.
  const NetworkPlan& plan;
  const NamedTensors& weights;
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
  /// Where what is done is kept until the pruning is over.
  std::filesystem::path folder;
  /// Text that tells this pruning from others: what another one left in the folder is refused.
  std::string identity;
  std::function<void(const std::string&)> warn;
  /// Of the weights in whole numbers, for config.weight_bytes.
  WeightBits bits = {};
};

struct PrunedWeights {
  ChannelCoupling coupling;  // of the whole network
  KeptUnits kept;
  NetworkPlan plan;
  NamedTensors weights;
};

/// Removes channels in config.steps rounds, each with a fine-tuning, and goes on from the last
/// checkpoint of any of them. Round r of s leaves the share target^(r / s). Where the configuration
/// asks for a mask, the zeros of config.mask follow, with a fine-tuning of their own. Throws
/// InputError where the network cannot become so small, UsageError where the folder holds another
/// pruning, RunError where a fine-tuning fails, Interrupted after saving.
PrunedWeights prune(const PruningSetting& setting, Monitor& monitor);

/// Removes what prune() keeps in its folder.
void forget_pruning(const std::filesystem::path& folder);

}  // namespace nas
