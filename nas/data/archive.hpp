#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace nas {

/// Names of the regular files below a folder, or in a .tar or .tar.gz, relative and with '/',
/// sorted. A folder's links to files and folders are followed. Throws InputError for what is
/// neither, for a damaged archive and for a name that comes twice.
std::vector<std::string> list_files(const std::filesystem::path& root);

/// Shows those files whose name is `wanted`; a folder's in sorted order, an archive's in its own.
/// Nothing is unpacked to disk. Files over 1 GiB are refused.
void visit_files(
    const std::filesystem::path& root, const std::function<bool(const std::string& name)>& wanted,
    const std::function<void(const std::string& name, const std::string& bytes)>& visit);

}  // namespace nas
