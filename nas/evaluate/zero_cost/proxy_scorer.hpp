#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "nas/evaluate/context.hpp"
#include "nas/evaluate/zero_cost/minibatch.hpp"
#include "nas/evaluate/zero_cost/proxy_kinds.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// Scores points of a space before any training. Proxies that read the same pass through the
/// network share it: grad_norm, snip, grasp, fisher, jacob_cov and naswot cost one forward pass
/// together, the first four one backward pass, grasp a second one, jacob_cov one more.
class ProxyScorer {
 public:
  ProxyScorer(const ProxySetting& setting, const EvaluatorContext& context);

  /// Scores by the proxies' names, means over the draws of weights, which depend on `seed` alone. A
  /// score that is not finite is left out, Failure "nan" where none is left; lack of memory and
  /// errors of LibTorch are Failures too. Throws UsageError where the space describes no networks.
  Outcome score(const Point& point, std::span<const std::string> proxies, uint64_t seed);

 private:
  Metrics draw(const NetworkPlan& plan, std::span<const std::string> proxies, uint64_t seed);
  const Minibatch& minibatch();

  ProxySetting setting_;
  EvaluatorContext context_;
  torch::Device device_;
  std::optional<Minibatch> minibatch_;  // read when a proxy needs it
};

}  // namespace nas
