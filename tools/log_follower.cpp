#include "tools/log_follower.hpp"

#include <fstream>

#include "nas/core/json.hpp"

namespace nas {

void LogFollower::read_new(const std::function<void(const Json& line)>& hear) {
  std::ifstream file(path_, std::ios::binary);
  file.seekg(place_);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  place_ += static_cast<int64_t>(bytes.size());
  rest_ += bytes;
  size_t begin = 0;
  for (size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    const Json line =
        Json::parse(rest_.substr(begin, end - begin), nullptr, /*allow_exceptions=*/false);
    begin = end + 1;
    if (line.is_object()) hear(line);
  }
  rest_.erase(0, begin);
}

}  // namespace nas
