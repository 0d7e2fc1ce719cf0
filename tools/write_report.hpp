#pragma once

#include <filesystem>

namespace nas {

struct TensorParts;

/// Writes `folder`/report.html from what the run's folder holds.
void write_report(const std::filesystem::path& folder, const TensorParts& parts);

}  // namespace nas
