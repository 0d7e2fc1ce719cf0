#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace nas {

/// What gzip packed. Throws RunError naming `what` where it is damaged or more than `most` bytes.
std::string inflate_gzip(std::span<const uint8_t> bytes, std::string_view what,
                         size_t most = std::numeric_limits<size_t>::max());

}  // namespace nas
