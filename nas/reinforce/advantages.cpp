#include "nas/reinforce/advantages.hpp"

namespace nas {

std::vector<float> advantages(std::span<const float> rewards, std::span<const float> values,
                              int64_t environments, double discount, double trace) {
  const auto width = static_cast<size_t>(environments);
  const auto gamma = static_cast<float>(discount);
  const auto decay = static_cast<float>(discount * trace);
  std::vector<float> result(rewards.size());
  std::vector<float> running(width, 0);
  for (size_t at = rewards.size(); at-- > 0;) {
    const float error = rewards[at] + gamma * values[at + width] - values[at];
    float& sum = running[at % width];
    sum = error + decay * sum;
    result[at] = sum;
  }
  return result;
}

}  // namespace nas
