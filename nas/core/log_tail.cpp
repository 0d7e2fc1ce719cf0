#include "nas/core/log_tail.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace nas {
namespace {

constexpr int64_t kLookedAt = 16 << 10;

/// Bytes `from` .. of a file, less the part of a line that they begin with where `from` is not 0.
std::string lines_from(const std::filesystem::path& path, int64_t from) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(from);
  std::string line;
  if (from > 0) std::getline(file, line);
  return {std::istreambuf_iterator<char>(file), {}};
}

int64_t size_of(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(size);
}

}  // namespace

bool shorten_log(const std::filesystem::path& path, int64_t most) {
  const int64_t size = size_of(path);
  if (size <= most) return false;
  const std::string text =
      fmt::format("[{} bytes of output are left out here]\n", size - most / 2) +
      lines_from(path, size - most / 2);
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0) return false;
  const bool done = ::ftruncate(file, 0) == 0 &&
                    ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  return done;
}

std::string last_line(const std::filesystem::path& path, int64_t from) {
  const int64_t begin = std::max(size_of(path) - kLookedAt, from);
  std::ifstream file(path, std::ios::binary);
  file.seekg(begin);
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (line.find_first_not_of(" \t\r") != line.npos) last = line;
  }
  return last;
}

}  // namespace nas
