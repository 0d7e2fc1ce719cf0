#include "nas/data/augment_config.hpp"

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, AugmentConfig& config) {
  section.boolean("flip", config.flip, "mirror left and right with probability 1/2");
  section.integer("crop_padding", config.crop_padding, {0, 1024, "pixels"},
                  "zero padding on every side before a random crop of the old size");
  section.integer("cutout", config.cutout, {0, 4096, "pixels"},
                  "side of one square set to the mean; 0: none");
}

}  // namespace nas
