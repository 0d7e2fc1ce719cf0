#include "nas/train/checkpoint_config.hpp"

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, CheckpointConfig& config) {
  section.integer("steps", config.steps, {0, 1'000'000'000, "steps"},
                  "save every so many steps; 0: not by steps");
  section.duration("seconds", config.seconds, {0, 1e9, "seconds"},
                   "save after so long; 0: not by time");
}

}  // namespace nas
