#pragma once

#include <cstdint>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas {

/// A node that runs, and the nodes that it reads then.
struct ExecutionStep {
  int64_t node = 0;
  std::vector<int64_t> inputs;
};

/// What has to run, in order, for these outputs of a plan, the Input first where it is read: nodes
/// that they do not need are left out, and zeros are not added.
std::vector<ExecutionStep> execution_steps(const NetworkPlan& plan,
                                           const std::vector<int64_t>& outputs);

/// True where the plan's first output is zeros whatever the input.
bool gives_zeros(const NetworkPlan& plan);

}  // namespace nas
