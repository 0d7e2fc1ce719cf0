#include "tools/target_path.hpp"

#include <fmt/core.h>

#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& option, const std::string& found, const char* expected) {
  throw UsageError(fmt::format("{}: found {}, expected {}", option, found, expected));
}

/// Whether it is there and no folder; what cannot be asked about shows when it is written.
bool is_file(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_directory(status);
}

/// Folders that are missing are made, files stay.
void check_way(const std::string& option, const fs::path& path, const char* expected) {
  if (path.empty()) fail(option, "an empty path", expected);
  for (fs::path above = path.parent_path(); !above.empty() && above != above.root_path();
       above = above.parent_path()) {
    if (is_file(above)) {
      fail(option, fmt::format("'{}', a file", printable(above.string())), "folders on the way");
    }
  }
}

}  // namespace

void check_file_target(const std::string& option, const fs::path& path) {
  const char* expected = "the name of a file to write";
  check_way(option, path, expected);
  std::error_code error;
  if (!path.has_filename() || fs::is_directory(path, error)) {
    fail(option, fmt::format("'{}', a folder", printable(path.string())), expected);
  }
}

void check_folder_target(const std::string& option, const fs::path& path) {
  const char* expected = "the name of a folder to write";
  check_way(option, path, expected);
  if (is_file(path)) fail(option, fmt::format("'{}', a file", printable(path.string())), expected);
}

}  // namespace nas
