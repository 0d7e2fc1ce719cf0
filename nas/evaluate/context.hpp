#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "nas/data/data_config.hpp"
#include "nas/search/objective.hpp"
#include "nas/search/space.hpp"
#include "nas/train/checkpoint_config.hpp"

namespace nas {

class Team;

/// Where and how evaluations run, from the top level of a configuration.
struct ExecutionConfig {
  std::string device = "auto";
  /// CPU threads of one trial. Part of what decides bits, so not derived from the number of
  /// workers.
  int64_t threads = 1;
  bool deterministic = true;
  /// "automatic", or "reference" for LibTorch's own layers alone.
  std::string kernels = "automatic";
  /// "auto", "true" or "false": whether steps are recorded once on a GPU and replayed.
  std::string cuda_graph = "auto";
  CheckpointConfig checkpoint;
};

/// What every evaluator is made from. References outlive the evaluator.
struct EvaluatorContext {
  const Space& space;
  const DataConfig& data;
  const ExecutionConfig& execution;
  /// Things a person should know that are no failure ("checkpoint damaged, previous one used").
  std::function<void(const std::string&)> warn;
  /// The file to which outside programs append their standard error; empty: this process's own.
  std::filesystem::path program_errors = {};
  /// The processes that train a supernet together; null: this one alone.
  Team* team = nullptr;
};

}  // namespace nas
