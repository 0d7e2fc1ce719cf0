#include <chrono>

#include "nas/train/checkpoint.hpp"

namespace nas {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

CheckpointClock::CheckpointClock(const CheckpointConfig& config) : config_(config), last_(now()) {}

bool CheckpointClock::due() {
  ++steps_;
  const bool by_steps = config_.steps > 0 && steps_ >= config_.steps;
  if (!by_steps && (config_.seconds <= 0 || now() - last_ < config_.seconds)) return false;
  steps_ = 0;
  last_ = now();
  return true;
}

}  // namespace nas
