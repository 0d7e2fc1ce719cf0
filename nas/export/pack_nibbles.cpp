#include "nas/export/pack_nibbles.hpp"

namespace nas {

std::vector<uint8_t> pack_nibbles(std::span<const int8_t> numbers) {
  std::vector<uint8_t> bytes((numbers.size() + 1) / 2);
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto half = static_cast<uint8_t>(numbers[i] & 15);
    bytes[i / 2] = static_cast<uint8_t>(bytes[i / 2] | half << (i % 2 * 4));
  }
  return bytes;
}

}  // namespace nas
