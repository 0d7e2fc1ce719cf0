
#include "nas/core/clock.hpp"
#include "nas/train/checkpoint.hpp"

namespace nas {
CheckpointClock::CheckpointClock(const CheckpointConfig& config)
    : config_(config), last_(steady_seconds()) {}

bool CheckpointClock::due() {
  ++steps_;
  const bool by_steps = config_.steps > 0 && steps_ >= config_.steps;
  if (!by_steps && (config_.seconds <= 0 || steady_seconds() - last_ < config_.seconds))
    return false;
  steps_ = 0;
  last_ = steady_seconds();
  return true;
}

}  // namespace nas
