#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "nas/cooling/episodes.hpp"
#include "nas/core/json.hpp"
#include "nas/reinforce/policy.hpp"
#include "nas/reinforce/ppo_config.hpp"
#include "nas/reinforce/ppo_loss.hpp"
#include "nas/search/trial.hpp"
#include "nas/train/checkpoint.hpp"
#include "nas/train/optimizer.hpp"

namespace nas {

struct PpoSetting {
  PpoConfig config;
  uint64_t seed = 0;
  /// Text that tells this training from others: a checkpoint of another one is refused.
  std::string identity;
};

/// Learns to cool a hall, iteration by iteration. The reward of a step is how far cooling's share
/// of the servers' energy is below a usual one, less a penalty for each K outside the narrowed
/// range; the penalty grows while there are more of these than allowed. Episodes, noise and order
/// are functions of (seed, iteration): the state is weights, optimizer, penalty and the iteration.
class PpoTraining {
 public:
  /// `episodes` outlive the training.
  PpoTraining(const PpoSetting& setting, const NetworkPlan& plan, Episodes& episodes);

  void iterate();
  int64_t iterations_done() const { return iteration_; }
  bool finite() const;
  /// train_reward (without penalty), train_breach (K) and penalty of the last iteration.
  const Metrics& metrics() const { return metrics_; }
  /// Metrics by iteration.
  const Json& history() const { return history_; }
  Policy& policy() { return policy_; }

  Checkpoint checkpoint() const;
  /// Throws UsageError where the checkpoint is of another training, InputError where it lacks
  /// something.
  void restore(const Checkpoint& checkpoint);

 private:
  struct Played;

  Played play();
  void learn(const PpoBatch& steps);
  PpoBatch batch_of(const Played& played);
  Json identity() const;

  PpoSetting setting_;
  Episodes& episodes_;
  Policy policy_;
  Optimizer optimizer_;
  double penalty_;
  int64_t iteration_ = 0;
  Metrics metrics_;
  Json history_ = Json::array();
};

}  // namespace nas
