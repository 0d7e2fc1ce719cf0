#pragma once

#include <cstdint>
#include <filesystem>

#include "nas/export/export.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// The trained network of a run with what a user has to know of it, and a test vector that LibTorch
/// gave. `trial` -1: what lies in best/; otherwise that trial's weights, where they were kept.
/// Throws UsageError where there are none.
ExportSource export_source(const std::filesystem::path& folder, int64_t trial,
                           const TensorParts& parts);

/// Writes a network, runs what was written, and prints the files and how they were run. Throws
/// RunError where they do not give what the network gives.
void export_network(ExportFormat format, const ExportSource& source,
                    const std::filesystem::path& to);

}  // namespace nas
