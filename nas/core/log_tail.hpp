#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace nas {

/// Where a file is larger than `most` bytes, leaves its last lines, half of `most` or a little
/// less, behind one that says so. It stays the same file, so that those who append to it go on;
/// what they write meanwhile may be lost. A file that cannot be shortened stays as it is. Returns
/// whether it was shortened.
bool shorten_log(const std::filesystem::path& path, int64_t most);

/// The last line of a file that is not empty, of what stands behind byte `from`; "" where there is
/// none. Looks at the last 16 KiB only.
std::string last_line(const std::filesystem::path& path, int64_t from);

}  // namespace nas
