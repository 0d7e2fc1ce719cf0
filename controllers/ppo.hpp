#pragma once

#include <cstdint>
#include <memory>

#include "controllers/reinforce.hpp"

namespace nas {

/// Proximal policy optimization (Schulman et al. 2017) of the same LSTM, as Zoph et al. 2018 search
/// NASNet: each group of results is learned from several times, with the clipped surrogate.
struct PpoOptions : ReinforceOptions {
  PpoOptions();
  /// How far the probability of a point may move from before the update, as a share.
  double clip = 0.2;
  /// Gradient steps per update.
  int64_t steps = 4;
};

void describe(Section& section, PpoOptions& options);

/// Needs LibTorch; defined in ppo_tensor.cpp.
std::unique_ptr<Controller> make_ppo(const PpoOptions& options, const SearchContext& context);

}  // namespace nas
