#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nas/core/json_fwd.hpp"

namespace nas {

/// `nas prune DIR`.
struct PruneRequest {
  std::filesystem::path folder;
  /// Which of the run's retrained networks, from 0.
  int64_t retraining = 0;
  /// Where weights.safetensors and metrics.json go.
  std::filesystem::path to;
  std::vector<std::string> overrides;
};

/// Prunes a retrained network as `stages.prune` says and tests it once at the end; goes on where it
/// was stopped, and returns what is there where it was done. Prints progress on standard output.
/// Writes and returns {"before", "after": {test_accuracy, parameters, multiply_adds, latency},
/// "layers": [{"name", "channels", "kept"}]}. Throws UsageError where there is no such network.
Json run_prune_command(const PruneRequest& request);

}  // namespace nas
