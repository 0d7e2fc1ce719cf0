#pragma once

#include <filesystem>
#include <string>

namespace nas {

/// Before the work whose result goes there. Throws UsageError, naming the option, where the path is
/// empty, is of the other kind, or leads through a file.
void check_file_target(const std::string& option, const std::filesystem::path& path);
void check_folder_target(const std::string& option, const std::filesystem::path& path);

}  // namespace nas
