#pragma once

#include <torch/types.h>

#include <memory>
#include <vector>

#include "nas/plan/network.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// What a policy says of observations: the actions' mean [N, actions] and the value [N].
struct PolicyOutput {
  torch::Tensor mean;
  torch::Tensor value;
};

/// Normally distributed actions: the network of a plan gives their mean and, as its last output,
/// the value of the state; their deviation is one learned number an action, the same in all states.
/// On the CPU: such networks are far too small to gain from more.
class Policy {
 public:
  /// Weights from `seed` alone; `deviation` at the start. Throws InputError for a plan whose
  /// outputs are not one more than `actions`, or with batch norm, which would see the policy's own
  /// changes as changes of the world.
  Policy(const NetworkPlan& plan, int64_t actions, uint64_t seed, double deviation);

  /// observations [N, features]
  PolicyOutput forward(const torch::Tensor& observations);
  /// [actions], natural logarithm
  const torch::Tensor& log_deviation() const { return log_deviation_; }

  std::vector<torch::Tensor> parameters() const;
  /// The network's tensors, and the logarithm as "log_deviation", sharing storage.
  NamedTensors state() const;
  /// Of the network alone, under its plan's names.
  NamedTensors network_state() const { return state_of(*network_); }

 private:
  std::shared_ptr<Network> network_;
  torch::Tensor log_deviation_;
};

}  // namespace nas
