#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nas {

/// Points in [0, 1)^d that fill it more evenly than chance: Sobol's sequence with the direction
/// numbers of Joe & Kuo (2008), each coordinate scrambled by its own random tree (Owen 1995), so
/// that every point is uniform and any first 2^k are a net. Coordinates from the 65th on are
/// independent random numbers. A pure function of seed, purpose and index.
class SobolSequence {
 public:
  SobolSequence(size_t dimensions, uint64_t seed, std::string purpose);

  /// The point with this index, 0 <= index < 2^32.
  std::vector<double> point(int64_t index) const;

 private:
  size_t dimensions_;
  uint64_t seed_;
  std::string purpose_;
  std::vector<uint32_t> directions_;  // [dimension * 32 + bit]
  std::vector<uint64_t> keys_;        // of each dimension's tree
};

}  // namespace nas
