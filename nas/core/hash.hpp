#pragma once

#include <string>
#include <string_view>

namespace nas {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);
/// SHA-256 of a file's content; throws InputError where it cannot be read.
std::string sha256_of_file(const std::string& path);

}  // namespace nas
