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

/// What ONNX in a runtime has to give: every number of the test vector within its tolerance, or the
/// class of 99 % of the samples; less where classes are close, if the mean squared difference is at
/// most 1 % of the mean square.
enum class OnnxAgreement { numbers, classes };

/// Runs a file in python3's onnxruntime (after onnx.checker where onnx is there) on the test vector
/// beside it. Throws RunError where it does not agree.
ExportCheck check_onnx(const std::filesystem::path& file, OnnxAgreement agreement);
/// Compiles a folder of C and runs its test. Throws RunError where that fails.
ExportCheck check_c(const std::filesystem::path& folder);

/// Runs what write_export wrote of `source` to `to`: ONNX in python3's onnxruntime (after
/// onnx.checker where onnx is there), C compiled by $CC (cc where unset) with all warnings as
/// errors, TorchScript in LibTorch, the Python module in python3's torch. Throws RunError where it
/// does not run or an output is further off than TestVector::tolerance.
ExportCheck check_export(ExportFormat format, const ExportSource& source,
                         const std::filesystem::path& to);

}  // namespace nas
