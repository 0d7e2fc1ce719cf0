#pragma once

#include <cstdint>

namespace nas {

class Section;

/// `augment:` of a training section.
struct AugmentConfig {
  /// Mirror left and right with probability 1/2.
  bool flip = false;
  /// Zero padding in pixels, then a random crop of the old size.
  int64_t crop_padding = 0;
  /// Side in pixels of one square set to the mean (DeVries & Taylor 2017); 0: none.
  int64_t cutout = 0;
};

void describe(Section& section, AugmentConfig& config);

}  // namespace nas
