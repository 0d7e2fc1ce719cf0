#include "nas/export/export_config.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/config/section.hpp"

namespace nas {
namespace {

std::vector<std::string> names_of(const std::vector<ExportFormat>& formats) {
  std::vector<std::string> names;
  names.reserve(formats.size());
  for (const ExportFormat format : formats) names.emplace_back(to_text(format));
  return names;
}

}  // namespace

void describe(Section& section, ExportConfig& config) {
  std::vector<std::string> names = names_of(config.formats);
  section.texts("formats", names, "each of onnx, torchscript, c, safetensors");
  config.formats.clear();
  for (const auto& name : names) {
    const auto row = std::find_if(kExportFormats.begin(), kExportFormats.end(),
                                  [&](const auto& known) { return known.first == name; });
    if (row == kExportFormats.end()) {
      section.mistake(
          "formats", fmt::format("found '{}', expected onnx, torchscript, c or safetensors", name));
    } else {
      config.formats.push_back(row->second);
    }
  }
}

}  // namespace nas
