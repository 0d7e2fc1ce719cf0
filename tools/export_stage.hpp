#pragma once

#include <functional>
#include <string>

#include "nas/export/export_config.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

/// Writes the network in best/ in each format to best/export/: network.onnx, network.pt, c/,
/// network.safetensors with network.py. What is done is kept in the store and not done again. `say`
/// hears what `nas export` prints. Throws RunError where an export fails, Interrupted after a stop
/// signal.
void run_export_stage(const ExportConfig& config, const RunFolder& folder, TrialStore& store,
                      const std::function<void(const std::string&)>& say);

}  // namespace nas
