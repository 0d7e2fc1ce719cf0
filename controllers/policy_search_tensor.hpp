#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "controllers/policy_tensor.hpp"
#include "nas/search/controller.hpp"
#include "nas/train/optimizer.hpp"

namespace nas {

/// How a policy learns from a group of results.
using PolicyUpdate =
    std::function<void(LstmPolicy&, Optimizer&, std::span<const Experience> experience)>;

struct PolicySearchSetting {
  /// Of the controller; keys its random numbers.
  std::string name;
  PolicySetting policy;
  double baseline_decay = 0.95;
  /// Results per update.
  int64_t batch = 1;
  PolicyUpdate update;
};

/// Search by the gradient of a policy that writes points choice by choice. A reward is the first
/// objective's utility over 100 (accuracies are percent). The baseline is a moving average of
/// rewards, started by the first update's mean. A failed trial counts as the worst result so far,
/// in any unit and sign; one that fails before there is any result teaches nothing.
std::unique_ptr<Controller> make_policy_search(const PolicySearchSetting& setting,
                                               const SearchContext& context);

}  // namespace nas
