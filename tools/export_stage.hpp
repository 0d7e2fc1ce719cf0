#pragma once

#include <functional>
#include <string>

#include "nas/run/run_folder.hpp"
#include "nas/store/trial_store.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Hears what `nas export` prints.
using ExportListener = std::function<void(const std::string&)>;

/// Writes the network in best/, or in best/pruned/ where the run prunes, in each format to
/// best/export/: network.onnx, network.pt, c/, network.safetensors with network.py; with a
/// quantization also network_int8.onnx and c_int8/, where these formats are asked for. What is done
/// is kept in the store and not done again. Throws RunError where an export fails, Interrupted
/// after a stop signal.
void run_export_stage(const Experiment& experiment, const RunFolder& folder, TrialStore& store,
                      const ExportListener& say);

/// Quantizes the same network, after a training for that where one is asked for, tests both, and
/// writes best/int8/: network.onnx and metrics.json (see write_int8_scores). Likewise not done
/// again.
void run_quantize_stage(const Experiment& experiment, const RunFolder& folder, TrialStore& store,
                        const ExportListener& say);

}  // namespace nas
