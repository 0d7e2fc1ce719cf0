#pragma once

#include <memory>
#include <vector>

#include "nas/plan/network.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// Says what a network costs on a device, before it is trained.
class NetworkMeter {
 public:
  virtual ~NetworkMeter() = default;
  /// Of the network of `plan` for one input of shape `input`: a Score with some of
  /// kHardwareMetrics, or a Failure of kind "oom" or "error".
  virtual Outcome measure(const NetworkPlan& plan, const Shape& input) = 0;
  /// Whether measuring again gives the same figures.
  virtual bool repeatable() const = 0;
};

using NetworkMeters = std::vector<std::unique_ptr<NetworkMeter>>;

}  // namespace nas
