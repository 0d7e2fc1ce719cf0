#pragma once

#include <vector>

#include "nas/export/export.hpp"

namespace nas {

class Section;

/// `stages.export`: what the best network is written as when a run ends.
struct ExportConfig {
  std::vector<ExportFormat> formats{ExportFormat::onnx};
};

void describe(Section& section, ExportConfig& config);

}  // namespace nas
