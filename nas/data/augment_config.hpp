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
  /// Recordings: columns of the spectrogram by which it is moved at most, either way.
  int64_t time_shift = 0;
  /// Recordings: columns, and bands, that are set to the mean at most (SpecAugment, Park et al.
  /// 2019, with one mask of each kind).
  int64_t time_mask = 0;
  int64_t frequency_mask = 0;

  bool of_pictures() const { return flip || crop_padding > 0 || cutout > 0; }
  bool of_sounds() const { return time_shift > 0 || time_mask > 0 || frequency_mask > 0; }
};

void describe(Section& section, AugmentConfig& config);

}  // namespace nas
