#pragma once

#include <functional>
#include <optional>
#include <string>

#include "nas/export/export_config.hpp"
#include "nas/quantize/quantize_config.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {

/// Hears what `nas export` prints.
using ExportListener = std::function<void(const std::string&)>;

/// Writes the network in best/ in each format to best/export/: network.onnx, network.pt, c/,
/// network.safetensors with network.py; with a quantization also network_int8.onnx and c_int8/,
/// where these formats are asked for. What is done is kept in the store and not done again. Throws
/// RunError where an export fails, Interrupted after a stop signal.
void run_export_stage(const ExportConfig& config, const std::optional<QuantizeConfig>& quantization,
                      const RunFolder& folder, TrialStore& store, const ExportListener& say);

/// Quantizes the network in best/, tests both, and writes best/int8/: network.onnx and metrics.json
/// (see write_int8_scores). Likewise not done again.
void run_quantize_stage(const QuantizeConfig& config, const RunFolder& folder, TrialStore& store,
                        const ExportListener& say);

}  // namespace nas
