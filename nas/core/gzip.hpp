#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nas {

/// What gzip packed; for files that are built into the program. Throws RunError naming `what`.
std::string inflate_gzip(std::span<const uint8_t> bytes, std::string_view what);

}  // namespace nas
