#pragma once

#include <filesystem>
#include <string>

namespace nas {

/// Where `path` lies: as it is, else below the folder that the environment variable NAS_DATA names
/// (../shared/data where it is not set). Throws InputError naming every place that was tried.
std::filesystem::path locate_data(const std::string& path);

}  // namespace nas
