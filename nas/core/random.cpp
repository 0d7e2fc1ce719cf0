#include "nas/core/random.hpp"

#include <cmath>
#include <numbers>

namespace nas {
namespace {

constexpr uint32_t kMultiplier0 = 0xD2511F53;
constexpr uint32_t kMultiplier1 = 0xCD9E8D57;
constexpr uint32_t kWeyl0 = 0x9E3779B9;
constexpr uint32_t kWeyl1 = 0xBB67AE85;

uint32_t low(uint64_t value) { return static_cast<uint32_t>(value); }
uint32_t high(uint64_t value) { return static_cast<uint32_t>(value >> 32); }
uint64_t joined(uint32_t high_half, uint32_t low_half) {
  return static_cast<uint64_t>(high_half) << 32 | low_half;
}

/// FNV-1a; purposes are a handful of short names.
uint64_t hash_of(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  }
  return hash;
}

}  // namespace

std::array<uint32_t, 4> philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = static_cast<uint64_t>(kMultiplier0) * counter[0];
    const uint64_t product1 = static_cast<uint64_t>(kMultiplier1) * counter[2];
    counter = {high(product1) ^ counter[1] ^ key[0], low(product1),
               high(product0) ^ counter[3] ^ key[1], low(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

RandomStream::RandomStream(uint64_t seed, std::string_view purpose, uint64_t index) {
  // One Philox call mixes seed and purpose into the key, so that near seeds give unrelated streams.
  const uint64_t purpose_hash = hash_of(purpose);
  const auto mixed =
      philox4x32({low(seed), high(seed), low(purpose_hash), high(purpose_hash)}, {kWeyl0, kWeyl1});
  key_ = {mixed[0], mixed[1]};
  stream_ = {low(index), high(index)};
}

uint64_t RandomStream::bits() {
  if (left_ == 0) {
    const auto words = philox4x32({low(block_), high(block_), stream_[0], stream_[1]}, key_);
    ++block_;
    buffer_ = {joined(words[1], words[0]), joined(words[3], words[2])};
    left_ = 2;
  }
  return buffer_[static_cast<size_t>(--left_)];
}

double RandomStream::uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

int64_t RandomStream::below(int64_t bound) {
  const auto range = static_cast<uint64_t>(bound);
  // Numbers under the remainder of 2^64 / range would be drawn once too often: throw them back.
  const uint64_t remainder = (0 - range) % range;
  uint64_t number = bits();
  while (number < remainder) number = bits();
  return static_cast<int64_t>(number % range);
}

double RandomStream::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

uint64_t derive_seed(uint64_t seed, std::string_view purpose, uint64_t index) {
  return RandomStream(seed, purpose, index).bits() >> 1;
}

}  // namespace nas
