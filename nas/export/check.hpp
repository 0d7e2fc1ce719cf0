#pragma once

#include <filesystem>
#include <string>

#include "nas/export/export.hpp"

namespace nas {

/// How an exported network was run on its test vector.
struct ExportCheck {
  /// False where this machine has nothing to run it with.
  bool ran = false;
  /// What ran it ("onnxruntime 1.32.0"), or what is missing.
  std::string by;
  /// Largest difference of an output from the network's own.
  double difference = 0;
};

/// Runs what write_export wrote of `source` to `to`: ONNX in python3's onnxruntime (after
/// onnx.checker where onnx is there), C compiled by $CC (cc where unset) with all warnings as
/// errors, TorchScript in LibTorch, the Python module in python3's torch. Throws RunError where it
/// does not run or an output is further off than TestVector::tolerance.
ExportCheck check_export(ExportFormat format, const ExportSource& source,
                         const std::filesystem::path& to);

}  // namespace nas
