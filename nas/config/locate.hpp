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

/// The executable file of this name in PATH; empty where there is none.
std::filesystem::path program_in_path(const std::string& name);

/// The executable file that a program's name means: with a slash, or where PATH has none of the
/// name, a file beside the configuration or in the current folder. Empty where there is none.
std::filesystem::path locate_program(const std::string& name,
                                     const std::filesystem::path& config_folder);

/// The file beside the configuration or in the current folder that a program's argument names;
/// empty where it names none.
std::filesystem::path locate_argument(const std::string& argument,
                                      const std::filesystem::path& config_folder);

}  // namespace nas
