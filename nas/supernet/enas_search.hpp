#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "controllers/enas.hpp"
#include "controllers/policy_tensor.hpp"
#include "nas/core/json.hpp"
#include "nas/supernet/search_batches.hpp"
#include "nas/supernet/shared_score.hpp"
#include "nas/supernet/shared_training.hpp"

namespace nas {

struct EnasSetting {
  EnasOptions options;
  uint64_t split_seed = 0;
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
};

/// Efficient neural architecture search (Pham et al. 2018): an epoch of the shared weights on
/// points drawn from a policy alternates with updates of the policy by REINFORCE. A reward is the
/// share of a minibatch of the other part of the training split that a point labels rightly, its
/// batch norms by the statistics of that minibatch, as in the published code. A pure function of
/// setting, space and data: random numbers are keyed by the step, and what checkpoint() holds is
/// all that there is to restore.
class EnasSearch {
 public:
  /// References outlive this. Throws UsageError for a space whose points share no weights, or which
  /// the policy cannot decide in.
  EnasSearch(const EnasSetting& setting, const Space& space, const TrainingData& data);

  bool done() const { return epochs_done() == epochs(); }
  bool at_epoch_end() const { return step_ > 0 && step_ % steps_per_epoch() == 0; }
  /// Updates of weights and policy.
  int64_t steps_done() const { return step_; }
  int64_t epochs_done() const { return step_ / steps_per_epoch(); }
  int64_t epochs() const { return setting_.options.training.epochs; }
  int64_t steps_per_epoch() const {
    return batches_.steps_per_epoch() + setting_.options.policy_steps;
  }

  void step();
  /// False once a number of the weights, a loss or the policy is not finite.
  bool finite() const;
  /// supernet_train_loss and supernet_train_accuracy of the epoch; supernet_reward (percent) and
  /// policy_entropy (nats a point), means over its updates of the policy. Adds to the history.
  Metrics finish_epoch();
  /// Of the last finished epoch.
  Metrics metrics() const { return history_.back().get<Metrics>(); }
  /// Metrics by epoch.
  const Json& history() const { return history_; }
  const SharedNetwork& network() const { return training_.network(); }

  /// Of `candidates` points drawn from the policy, the one of the best validation accuracy with the
  /// shared weights (where the validation split is empty: of the best reward).
  Point derived() const;

  /// Tensors share storage with the search.
  Checkpoint checkpoint() const;
  /// Throws InputError where the checkpoint is of another search.
  void restore(const Checkpoint& checkpoint);

 private:
  void step_weights(int64_t step);
  void step_policy(int64_t step);
  /// Percent of a batch.
  double reward(const Point& point, const Batch& batch) const;

  EnasSetting setting_;
  const Space& space_;
  const TrainingData& data_;
  mutable SearchBatches batches_;
  SharedTraining training_;
  LstmPolicy policy_;
  Optimizer policy_optimizer_;
  int64_t step_ = 0;
  std::optional<double> baseline_;  // share
  std::vector<double> rewards_;     // percent, a mean of each update of the epoch
  std::vector<double> entropies_;
  Json history_ = Json::array();
};

}  // namespace nas
