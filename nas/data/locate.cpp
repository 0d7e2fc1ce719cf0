#include "nas/data/locate.hpp"

#include <cstdlib>
#include <vector>

#include "nas/core/error.hpp"

namespace nas {

std::filesystem::path locate_data(const std::string& path) {
  if (path.empty()) throw InputError("the data set needs a path");
  std::vector<std::filesystem::path> places{path};
  if (!std::filesystem::path(path).is_absolute()) {
    const char* root = std::getenv("NAS_DATA");
    const bool given = root != nullptr && *root != '\0';
    places.push_back(std::filesystem::path(given ? root : "../shared/data") / path);
  }
  std::string tried;
  for (const auto& place : places) {
    std::error_code ignored;
    if (std::filesystem::exists(place, ignored)) return place;
    tried += (tried.empty() ? "'" : ", '") + std::filesystem::absolute(place).string() + "'";
  }
  throw InputError("data '" + path + "' not found; tried " + tried);
}

}  // namespace nas
