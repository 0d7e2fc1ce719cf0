#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "nas/core/json_fwd.hpp"

namespace nas {

/// Appends one JSON object a line to `log.jsonl`: {"time": seconds since 1970, "event": ..., ...}.
/// One write call a line, so that lines of several processes do not mix.
class Log {
 public:
  explicit Log(const std::filesystem::path& path);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(std::string_view event, const Json& fields);

 private:
  int descriptor_;
};

}  // namespace nas
