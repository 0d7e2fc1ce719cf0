#pragma once

#include "controllers/policy_tensor.hpp"
#include "nas/train/optimizer.hpp"

namespace nas {

/// Adam without weight decay over all parameters of a policy.
Optimizer make_policy_optimizer(const LstmPolicy& policy);

}  // namespace nas
