#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nas/plan/network.hpp"

namespace nas {

/// One candidate at its start. References outlive the call.
struct ProxySubject {
  const NetworkPlan& plan;
  Shape input;
  /// Of everything random: its weights.
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
};

}  // namespace nas
