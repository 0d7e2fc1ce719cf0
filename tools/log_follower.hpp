#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "nas/core/json_fwd.hpp"

namespace nas {

/// Reads the lines of a growing `log.jsonl`, each once; a last one that is not whole yet waits.
class LogFollower {
 public:
  explicit LogFollower(std::filesystem::path path) : path_(std::move(path)) {}
  /// Tells `hear` each new line that is a JSON object.
  void read_new(const std::function<void(const Json& line)>& hear);

 private:
  std::filesystem::path path_;
  int64_t place_ = 0;  // bytes read
  std::string rest_;
};

}  // namespace nas
