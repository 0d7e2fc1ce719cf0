#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nas {

/// Numbers from -8 to 7 two to a byte, the first in its lower half, as ONNX's INT4 and the C
/// kernels have them.
std::vector<uint8_t> pack_nibbles(std::span<const int8_t> numbers);

}  // namespace nas
