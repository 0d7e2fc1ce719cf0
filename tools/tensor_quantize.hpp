#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nas {

/// `nas quantize DIR`.
struct QuantizeRequest {
  std::filesystem::path folder;
  std::vector<std::string> overrides;
};

/// Trains the best network of a run, pruned where the run prunes, for int8 as
/// `stages.quantize.training` says, from its quantization after training, and writes
/// best/int8/metrics.json (see write_int8_scores) and weights.safetensors. Goes on where it was
/// stopped, and does nothing where this very training was done. Prints progress on standard output.
/// Throws UsageError where there is no such network or training.
void run_quantize_command(const QuantizeRequest& request);

}  // namespace nas
