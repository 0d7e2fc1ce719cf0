#include "nas/data/augment_config.hpp"

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, AugmentConfig& config) {
  section.boolean("flip", config.flip, "mirror left and right with probability 1/2");
  section.integer("crop_padding", config.crop_padding, {0, 1024, "pixels"},
                  "zero padding on every side before a random crop of the old size");
  section.integer("cutout", config.cutout, {0, 4096, "pixels"},
                  "side of one square set to the mean; 0: none");
  section.integer("time_shift", config.time_shift, {0, 4096, "columns"},
                  "recordings: move a spectrogram by at most this, either way");
  section.integer("time_mask", config.time_mask, {0, 4096, "columns"},
                  "recordings: set at most this many columns side by side to the mean");
  section.integer("frequency_mask", config.frequency_mask, {0, 512, "bands"},
                  "recordings: set at most this many bands side by side to the mean");
}

}  // namespace nas
