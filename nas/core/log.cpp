#include "nas/core/log.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"

namespace nas {

Log::Log(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) {
    throw RunError(fmt::format("{}: cannot be opened: {}", path.string(), std::strerror(errno)));
  }
}

Log::~Log() { ::close(descriptor_); }

void Log::write(std::string_view event, const Json& fields) {
  Json line = {{"time", wall_seconds()}, {"event", event}};
  if (!fields.is_null()) line.update(fields);
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  // The log is a witness, not state: a full disk must not end a search that could go on.
  [[maybe_unused]] const ssize_t written = ::write(descriptor_, text.data(), text.size());
}

}  // namespace nas
