#pragma once

#include <cstdint>

namespace nas {

class Section;

/// `checkpoint:` of a configuration: a checkpoint every `steps` steps or `seconds` seconds,
/// whichever comes first; 0 switches that rule off.
struct CheckpointConfig {
  int64_t steps = 0;
  double seconds = 60;
};

void describe(Section& section, CheckpointConfig& config);

}  // namespace nas
