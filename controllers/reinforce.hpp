#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

/// Policy gradients over an LSTM that writes a point choice by choice (Zoph & Le 2017).
struct ReinforceOptions {
  int64_t hidden = 64;
  int64_t embedding = 32;
  /// Of Adam.
  double learning_rate = 0.005;
  /// Weight of the policy's entropy: larger explores longer.
  double entropy = 0.01;
  /// Of the moving average of rewards that is subtracted from each.
  double baseline_decay = 0.95;
  /// Results per update of the policy.
  int64_t batch = 1;
  /// Logits are divided by `temperature` and then, where `tanh_constant` is not 0, bounded:
  /// tanh_constant * tanh(logits / temperature) (Bello et al. 2017, section 4).
  double temperature = 1;
  double tanh_constant = 0;
};

void describe(Section& section, ReinforceOptions& options);

/// Needs LibTorch; defined in reinforce_tensor.cpp.
std::unique_ptr<Controller> make_reinforce(const ReinforceOptions& options,
                                           const SearchContext& context);

}  // namespace nas
