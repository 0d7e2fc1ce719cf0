#include "nas/config/locate.hpp"

#include <cstdlib>

namespace nas {

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
    located.tried.push_back(path.string());
    if (std::filesystem::exists(path, error)) {
      located.path = path;
      return located;
    }
  }
  return located;
}

}  // namespace nas
