#pragma once

#include <vector>

#include "nas/cooling/policy_view.hpp"
#include "nas/reinforce/policy.hpp"

namespace nas {

/// Cools a hall by a policy's mean actions. The policy outlives it.
class PolicyController final : public CoolingController {
 public:
  explicit PolicyController(Policy& policy) : policy_(policy) {}
  void act(const Moment& moment, Levers& levers) override;

 private:
  Policy& policy_;
};

}  // namespace nas
