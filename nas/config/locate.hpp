#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nas {

struct Located {
  /// Absolute; empty where nothing was found.
  std::filesystem::path path;
  std::vector<std::string> tried;
};

/// Looks for a file or folder beside the configuration, then in the current folder, then below the
/// folder that the environment variable NAS_DATA names (../shared/data where it is not set).
Located locate(const std::string& name, const std::filesystem::path& config_folder);

}  // namespace nas
