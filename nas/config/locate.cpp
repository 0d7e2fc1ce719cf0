#include "nas/config/locate.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace nas {
namespace {

bool is_executable(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

Located locate(const std::string& name, const std::filesystem::path& config_folder) {
  std::vector<std::filesystem::path> candidates{config_folder / name,
                                                std::filesystem::current_path() / name};
  const char* data = std::getenv("NAS_DATA");
  const bool given = data != nullptr && *data != '\0';
  candidates.push_back(std::filesystem::path(given ? data : "../shared/data") / name);
  Located located;
  for (const auto& candidate : candidates) {
    std::error_code error;
    const auto path = std::filesystem::weakly_canonical(candidate, error);
    // An absolute name is the same everywhere.
    if (std::find(located.tried.begin(), located.tried.end(), path.string()) ==
        located.tried.end()) {
      located.tried.push_back(path.string());
    }
    if (std::filesystem::exists(path, error)) {
      located.path = path;
      return located;
    }
  }
  return located;
}

std::filesystem::path program_in_path(const std::string& name) {
  const char* folders = std::getenv("PATH");
  if (name.empty() || name.find('/') != name.npos || folders == nullptr) return {};
  std::stringstream list(folders);
  for (std::string folder; std::getline(list, folder, ':');) {
    auto path = std::filesystem::absolute(folder.empty() ? "." : folder) / name;
    if (is_executable(path)) return path;
  }
  return {};
}

std::filesystem::path locate_program(const std::string& name,
                                     const std::filesystem::path& config_folder) {
  auto path = program_in_path(name);
  if (!path.empty()) return path;
  path = locate_argument(name, config_folder);
  return is_executable(path) ? path : std::filesystem::path();
}

std::filesystem::path locate_argument(const std::string& argument,
                                      const std::filesystem::path& config_folder) {
  if (argument.empty()) return {};
  for (const auto& folder : {config_folder, std::filesystem::current_path()}) {
    std::error_code error;
    const auto path = folder / argument;
    if (std::filesystem::is_regular_file(path, error)) return path.lexically_normal();
  }
  return {};
}

}  // namespace nas
