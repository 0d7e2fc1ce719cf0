#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nas/export/facts.hpp"
#include "nas/export/test_vector.hpp"
#include "nas/export/trained_network.hpp"

namespace nas {

enum class ExportFormat { onnx, torchscript, c, safetensors };
constexpr std::array<std::pair<std::string_view, ExportFormat>, 4> kExportFormats{
    {{"onnx", ExportFormat::onnx},
     {"torchscript", ExportFormat::torchscript},
     {"c", ExportFormat::c},
     {"safetensors", ExportFormat::safetensors}}};

std::string_view to_text(ExportFormat format);

/// What LibTorch does for TorchScript: an archive's bytes, and the outputs of an archive for inputs
/// [samples, C, H, W].
struct ScriptTools {
  std::string (*encode)(const TrainedNetwork&, const NetworkFacts&) = nullptr;
  std::vector<float> (*outputs)(const std::filesystem::path&, const Shape& input,
                                const std::vector<float>& samples) = nullptr;
};

/// What is exported, and what it has to give.
struct ExportSource {
  TrainedNetwork network;
  NetworkFacts facts;
  TestVector vector;
  /// Needed for torchscript alone.
  ScriptTools scripts = {};
};

/// Paths and contents.
using ExportFiles = std::vector<std::pair<std::filesystem::path, std::string>>;
/// Writes each file whole, with its folder; returns their paths.
std::vector<std::filesystem::path> write_files(const ExportFiles& files);

/// Writes the network to `to`: onnx and torchscript a file; c a folder of sources; safetensors a
/// file, with a Python module of the same name (net.safetensors, net.py). A test vector lies beside
/// each: files have it as `to`.test.safetensors. Batch norms are folded into what they follow, but
/// for safetensors, whose weights keep their names. Returns what was written.
std::vector<std::filesystem::path> write_export(ExportFormat format, const ExportSource& source,
                                                const std::filesystem::path& to);

/// The Python module that write_export puts beside a weights file.
std::filesystem::path module_beside(const std::filesystem::path& weights);

/// The test vector that write_export puts beside a file.
std::filesystem::path vector_beside(const std::filesystem::path& file);

}  // namespace nas
