#include "nas/reinforce/ppo_loss.hpp"

#include <cmath>
#include <numbers>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// Of a deviation of 1, each action: half of log(2 pi).
const double kHalfLogTwoPi = .5 * std::log(2 * std::numbers::pi);

}  // namespace

torch::Tensor log_density(const torch::Tensor& actions, const torch::Tensor& mean,
                          const torch::Tensor& log_deviation) {
  const torch::Tensor off = (actions - mean) * (-log_deviation).exp();
  return (-.5 * off.square() - log_deviation - kHalfLogTwoPi).sum(1);
}

torch::Tensor ppo_loss(Policy& policy, const PpoBatch& batch, const PpoConfig& config) {
  const PolicyOutput output = policy.forward(batch.observations);
  const torch::Tensor& log_deviation = policy.log_deviation();
  const torch::Tensor ratio =
      (log_density(batch.actions, output.mean, log_deviation) - batch.log_densities).exp();
  const torch::Tensor better =
      (batch.advantages - batch.advantages.mean()) / (batch.advantages.std() + 1e-8);
  const torch::Tensor clipped = ratio.clamp(1 - config.clip, 1 + config.clip);
  const torch::Tensor gain = torch::min(ratio * better, clipped * better).mean();
  const torch::Tensor value_error = (output.value - batch.returns).square().mean();
  // Up to a constant.
  const torch::Tensor entropy = log_deviation.sum();
  return config.value_weight * value_error - gain - config.entropy * entropy;
}

}  // namespace nas
