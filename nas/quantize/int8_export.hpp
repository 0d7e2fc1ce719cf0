#pragma once

#include <filesystem>
#include <vector>

#include "nas/export/check.hpp"
#include "nas/export/export.hpp"
#include "nas/export/integer_network.hpp"
#include "nas/export/onnx.hpp"

namespace nas {

/// A network in whole numbers, and what it has to give.
struct Int8Source {
  QuantizedNetwork network;
  NetworkFacts facts;
  /// Outputs are integer_outputs().
  TestVector vector;
  /// Of the activations in ONNX.
  ActivationType type = ActivationType::uint8;
};

/// Writes the network to `to`, as write_export() does; throws UsageError for other formats than
/// onnx and c.
std::vector<std::filesystem::path> write_int8_export(ExportFormat format, const Int8Source& source,
                                                     const std::filesystem::path& to);

/// Runs what was written on its test vector. The C program has to give its outputs; a runtime for
/// ONNX rounds in its own ways, and has to agree on classes (OnnxAgreement).
ExportCheck check_int8_export(ExportFormat format, const std::filesystem::path& to);

}  // namespace nas
