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

enum class ExportFormat { onnx, c, safetensors };
constexpr std::array<std::pair<std::string_view, ExportFormat>, 3> kExportFormats{
    {{"onnx", ExportFormat::onnx},
     {"c", ExportFormat::c},
     {"safetensors", ExportFormat::safetensors}}};

std::string_view to_text(ExportFormat format);

/// What is exported, and what it has to give.
struct ExportSource {
  TrainedNetwork network;
  NetworkFacts facts;
  TestVector vector;
};

/// Writes the network to `to`: onnx a file; c a folder of sources; safetensors a file, with a
/// Python module of the same name (net.safetensors, net.py). A test vector lies beside each: onnx
/// and safetensors have it as `to`.test.safetensors. Batch norms are folded into what they follow,
/// but for safetensors, whose weights keep their names. Returns what was written.
std::vector<std::filesystem::path> write_export(ExportFormat format, const ExportSource& source,
                                                const std::filesystem::path& to);

/// The Python module that write_export puts beside a weights file.
std::filesystem::path module_beside(const std::filesystem::path& weights);

/// The test vector that write_export puts beside a file.
std::filesystem::path vector_beside(const std::filesystem::path& file);

}  // namespace nas
