#include "controllers/sobol_sequence.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "nas/core/random.hpp"

namespace nas {
namespace {

constexpr size_t kBits = 32;
constexpr size_t kHighestDegree = 9;

/// A primitive polynomial over two elements, a bit a coefficient, and the first odd numbers m of
/// its recurrence, as many as its degree.
struct Direction {
  uint32_t polynomial = 0;
  std::array<uint32_t, kHighestDegree> first{};
};

/// Of dimensions 1 to 63; dimension 0 is van der Corput's sequence. From the file
/// new-joe-kuo-6.21201 of Joe and Kuo (2008, "Constructing Sobol sequences with better
/// two-dimensional projections").
constexpr std::array kDirections{Direction{3, {1}},
                                 Direction{7, {1, 3}},
                                 Direction{11, {1, 3, 1}},
                                 Direction{13, {1, 1, 1}},
                                 Direction{19, {1, 1, 3, 3}},
                                 Direction{25, {1, 3, 5, 13}},
                                 Direction{37, {1, 1, 5, 5, 17}},
                                 Direction{41, {1, 1, 5, 5, 5}},
                                 Direction{47, {1, 1, 7, 11, 19}},
                                 Direction{55, {1, 1, 5, 1, 1}},
                                 Direction{59, {1, 1, 1, 3, 11}},
                                 Direction{61, {1, 3, 5, 5, 31}},
                                 Direction{67, {1, 3, 3, 9, 7, 49}},
                                 Direction{91, {1, 1, 1, 15, 21, 21}},
                                 Direction{97, {1, 3, 1, 13, 27, 49}},
                                 Direction{103, {1, 1, 1, 15, 7, 5}},
                                 Direction{109, {1, 3, 1, 15, 13, 25}},
                                 Direction{115, {1, 1, 5, 5, 19, 61}},
                                 Direction{131, {1, 3, 7, 11, 23, 15, 103}},
                                 Direction{137, {1, 3, 7, 13, 13, 15, 69}},
                                 Direction{143, {1, 1, 3, 13, 7, 35, 63}},
                                 Direction{145, {1, 3, 5, 9, 1, 25, 53}},
                                 Direction{157, {1, 3, 1, 13, 9, 35, 107}},
                                 Direction{167, {1, 3, 1, 5, 27, 61, 31}},
                                 Direction{171, {1, 1, 5, 11, 19, 41, 61}},
                                 Direction{185, {1, 3, 5, 3, 3, 13, 69}},
                                 Direction{191, {1, 1, 7, 13, 1, 19, 1}},
                                 Direction{193, {1, 3, 7, 5, 13, 19, 59}},
                                 Direction{203, {1, 1, 3, 9, 25, 29, 41}},
                                 Direction{211, {1, 3, 5, 13, 23, 1, 55}},
                                 Direction{213, {1, 3, 7, 3, 13, 59, 17}},
                                 Direction{229, {1, 3, 1, 3, 5, 53, 69}},
                                 Direction{239, {1, 1, 5, 5, 23, 33, 13}},
                                 Direction{241, {1, 1, 7, 7, 1, 61, 123}},
                                 Direction{247, {1, 1, 7, 9, 13, 61, 49}},
                                 Direction{253, {1, 3, 3, 5, 3, 55, 33}},
                                 Direction{285, {1, 3, 1, 15, 31, 13, 49, 245}},
                                 Direction{299, {1, 3, 5, 15, 31, 59, 63, 97}},
                                 Direction{301, {1, 3, 1, 11, 11, 11, 77, 249}},
                                 Direction{333, {1, 3, 1, 11, 27, 43, 71, 9}},
                                 Direction{351, {1, 1, 7, 15, 21, 11, 81, 45}},
                                 Direction{355, {1, 3, 7, 3, 25, 31, 65, 79}},
                                 Direction{357, {1, 3, 1, 1, 19, 11, 3, 205}},
                                 Direction{361, {1, 1, 5, 9, 19, 21, 29, 157}},
                                 Direction{369, {1, 3, 7, 11, 1, 33, 89, 185}},
                                 Direction{391, {1, 3, 3, 3, 15, 9, 79, 71}},
                                 Direction{397, {1, 3, 7, 11, 15, 39, 119, 27}},
                                 Direction{425, {1, 1, 3, 1, 11, 31, 97, 225}},
                                 Direction{451, {1, 1, 1, 3, 23, 43, 57, 177}},
                                 Direction{463, {1, 3, 7, 7, 17, 17, 37, 71}},
                                 Direction{487, {1, 3, 1, 5, 27, 63, 123, 213}},
                                 Direction{501, {1, 1, 3, 5, 11, 43, 53, 133}},
                                 Direction{529, {1, 3, 5, 5, 29, 17, 47, 173, 479}},
                                 Direction{539, {1, 3, 3, 11, 3, 1, 109, 9, 69}},
                                 Direction{545, {1, 1, 1, 5, 17, 39, 23, 5, 343}},
                                 Direction{557, {1, 3, 1, 5, 25, 15, 31, 103, 499}},
                                 Direction{563, {1, 1, 1, 11, 11, 17, 63, 105, 183}},
                                 Direction{601, {1, 1, 5, 11, 9, 29, 97, 231, 363}},
                                 Direction{607, {1, 1, 5, 15, 19, 45, 41, 7, 383}},
                                 Direction{617, {1, 3, 7, 7, 31, 19, 83, 137, 221}},
                                 Direction{623, {1, 1, 1, 3, 23, 15, 111, 223, 83}},
                                 Direction{631, {1, 1, 5, 13, 31, 15, 55, 25, 161}},
                                 Direction{637, {1, 1, 3, 13, 25, 47, 39, 87, 257}}};

constexpr size_t kDimensions = kDirections.size() + 1;

size_t degree_of(uint32_t polynomial) {
  size_t degree = 0;
  while (polynomial >> (degree + 1) != 0) ++degree;
  return degree;
}

/// The direction numbers of a dimension, shifted so that the first digit is the highest bit.
std::array<uint32_t, kBits> directions_of(size_t dimension) {
  std::array<uint32_t, kBits> v{};
  if (dimension == 0) {
    for (size_t i = 0; i < kBits; ++i) v[i] = uint32_t{1} << (kBits - 1 - i);
    return v;
  }
  const auto& [polynomial, first] = kDirections[dimension - 1];
  const size_t degree = degree_of(polynomial);
  for (size_t i = 0; i < kBits; ++i) {
    if (i < degree) {
      v[i] = first[i] << (kBits - 1 - i);
      continue;
    }
    v[i] = v[i - degree] ^ (v[i - degree] >> degree);
    for (size_t k = 1; k < degree; ++k) {
      if ((polynomial >> (degree - k) & 1) != 0) v[i] ^= v[i - k];
    }
  }
  return v;
}

/// Flips each digit by a random bit that depends on the digits before it.
uint32_t scrambled(uint32_t digits, uint64_t key) {
  const std::array words{static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)};
  uint32_t result = digits;
  for (uint32_t i = 0; i < kBits; ++i) {
    const uint32_t before = i == 0 ? 0 : digits >> (kBits - i);
    const uint32_t flip = philox4x32({before, i, 0, 0}, words)[0] & 1;
    result ^= flip << (kBits - 1 - i);
  }
  return result;
}

}  // namespace

SobolSequence::SobolSequence(size_t dimensions, uint64_t seed, std::string purpose)
    : dimensions_(dimensions), seed_(seed), purpose_(std::move(purpose)) {
  for (size_t i = 0; i < std::min(dimensions, kDimensions); ++i) {
    const auto directions = directions_of(i);
    directions_.insert(directions_.end(), directions.begin(), directions.end());
    keys_.push_back(RandomStream(seed, purpose_ + ".tree", i).bits());
  }
}

std::vector<double> SobolSequence::point(int64_t index) const {
  std::vector<double> coordinates(dimensions_);
  for (size_t i = 0; i < keys_.size(); ++i) {
    uint32_t digits = 0;
    for (size_t bit = 0; bit < kBits; ++bit) {
      if ((index >> bit & 1) != 0) digits ^= directions_[i * kBits + bit];
    }
    coordinates[i] = (static_cast<double>(scrambled(digits, keys_[i])) + 0.5) * 0x1.0p-32;
  }
  RandomStream rest(seed_, purpose_ + ".rest", static_cast<uint64_t>(index));
  for (size_t i = keys_.size(); i < dimensions_; ++i) coordinates[i] = rest.uniform();
  return coordinates;
}

}  // namespace nas
