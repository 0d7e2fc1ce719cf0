#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nas::test {

/// `count` bytes of a number, the lowest first.
inline std::string little_endian(uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

inline std::string chunk(const std::string& id, const std::string& bytes) {
  return id + little_endian(bytes.size(), 4) + bytes + std::string(bytes.size() % 2, '\0');
}

struct WavHead {
  uint64_t code = 1;
  uint64_t channels = 1;
  uint64_t rate = 8000;
  uint64_t bits = 16;
};

inline std::string format_chunk(const WavHead& head) {
  const uint64_t block = head.channels * head.bits / 8;
  return chunk("fmt ", little_endian(head.code, 2) + little_endian(head.channels, 2) +
                           little_endian(head.rate, 4) + little_endian(head.rate * block, 4) +
                           little_endian(block, 2) + little_endian(head.bits, 2));
}

inline std::string riff(const std::string& chunks) {
  return "RIFF" + little_endian(4 + chunks.size(), 4) + "WAVE" + chunks;
}

inline std::string wav_file(const WavHead& head, const std::string& data) {
  return riff(format_chunk(head) + chunk("data", data));
}

/// Mono, 16 bits.
inline std::string wav_of(const std::vector<int16_t>& samples, uint64_t rate = 8000) {
  std::string data;
  for (const int16_t sample : samples) data += little_endian(static_cast<uint16_t>(sample), 2);
  return wav_file({1, 1, rate, 16}, data);
}

}  // namespace nas::test
