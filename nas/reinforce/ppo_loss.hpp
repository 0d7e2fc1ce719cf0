#pragma once

#include "nas/reinforce/policy.hpp"
#include "nas/reinforce/ppo_config.hpp"

namespace nas {

/// Steps that were played, in any order.
struct PpoBatch {
  torch::Tensor observations;   // [N, features]
  torch::Tensor actions;        // [N, actions]
  torch::Tensor log_densities;  // [N], of the actions when they were taken
  torch::Tensor advantages;     // [N]
  torch::Tensor returns;        // [N]
};

/// Logarithm of the density of normally distributed actions [N, actions]: [N].
torch::Tensor log_density(const torch::Tensor& actions, const torch::Tensor& mean,
                          const torch::Tensor& log_deviation);

/// The clipped objective (Schulman et al. 2017, equation 9, turned to be minimized): a scalar.
/// Advantages are brought to mean 0 and deviation 1.
torch::Tensor ppo_loss(Policy& policy, const PpoBatch& batch, const PpoConfig& config);

}  // namespace nas
