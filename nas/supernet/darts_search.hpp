#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "controllers/darts.hpp"
#include "nas/core/json.hpp"
#include "nas/data/dataset.hpp"
#include "nas/plan/progressive.hpp"
#include "nas/search/space.hpp"
#include "nas/supernet/search_batches.hpp"
#include "nas/supernet/supernet.hpp"
#include "nas/torch/repeated_work.hpp"
#include "nas/train/checkpoint.hpp"
#include "nas/train/optimizer.hpp"

namespace nas {

struct DartsSetting {
  DartsOptions options;
  uint64_t split_seed = 0;
  uint64_t seed = 0;
  torch::Device device = torch::kCPU;
  /// The part of a progressive search that this is, and what it chooses among.
  SearchStage stage = {};
  KeptOptions kept = {};
  /// Of a search that goes on with the weights of others: epochs of theirs, and of all together,
  /// which the learning rate falls over.
  int64_t epochs_before = 0;
  int64_t epochs_in_all = 0;  // 0: of this one alone
  /// Each process has its part of every batch; all have the same state, that of one alone but for
  /// rounding. Nothing: one process alone.
  std::optional<TogetherSetting> together = std::nullopt;
};

/// One differentiable search (Liu et al. 2019, algorithm 1): each step moves the alphas by Adam on
/// a batch of the architecture half, then the weights by SGD with momentum on a batch of the
/// weights half. A pure function of setting, space and data: random numbers are keyed by the step,
/// and what checkpoint() holds is all that there is to restore.
class DartsSearch {
 public:
  /// References outlive this. Throws UsageError for a space without supernet.
  DartsSearch(const DartsSetting& setting, const Space& space, const TrainingData& data);

  /// Begins with the weights, the architecture and the optimizers' states of a search of the same
  /// supernet that has more options or takes fewer channels through them: weights get copies of
  /// random channels of theirs for those they lack (Chen et al. 2021).
  void go_on_from(const DartsSearch& before);

  /// After the last epoch, or where the guard has found that the search collapsed.
  bool done() const {
    return step_ == steps_per_epoch() * setting_.options.epochs || collapsed_.has_value();
  }
  bool at_epoch_end() const { return step_ > 0 && step_ % steps_per_epoch() == 0; }
  int64_t steps_done() const { return step_; }
  int64_t epochs_done() const { return step_ / steps_per_epoch(); }
  int64_t epochs() const { return setting_.options.epochs; }
  int64_t steps_per_epoch() const { return batches_.steps_per_epoch(); }

  void step();
  /// Why steps are not recorded on the device, where somebody should know; empty else.
  const std::string& not_recorded() const { return steps_.refusal(); }
  /// False once a loss, a weight or an alpha is not a finite number.
  bool finite() const;
  /// After the last step of an epoch: scores the supernet and adds to the history.
  Metrics finish_epoch();

  /// Of the alphas as they are or, of a search that collapsed, as they were before.
  Point derived() const;
  /// Of the epoch that the derived point is of: the last finished one unless the search collapsed.
  Metrics metrics() const;
  /// Of all options of plan().groups, 0 for those that are not kept.
  ArchitectureWeights probabilities() const;
  const std::vector<ArchitectureGroup>& groups() const { return plan_.groups; }
  /// An architecture_record an epoch.
  const Json& records() const { return records_; }

  /// Tensors share storage with the search.
  Checkpoint checkpoint() const;
  /// Throws InputError where the checkpoint is of another search.
  void restore(const Checkpoint& checkpoint);

 private:
  /// Whether the step under way trains the architecture too.
  bool architecture_moves() const;
  /// What a step gives to the device, of what was set before.
  void compute(double learning_rate);
  void step_architecture(const Batch& train, double learning_rate);
  void step_weights(const Batch& train);
  double skip_dropout() const;
  MixtureDraw draw(MixtureDraw::For purpose) const;
  Point derive(const ArchitectureWeights& probabilities) const;
  void note_collapse();
  double learning_rate() const;
  double validation_accuracy();

  DartsSetting setting_;
  const Space& space_;
  const TrainingData& data_;
  SupernetPlan plan_;  // with all options
  Supernet supernet_;
  SearchBatches batches_;
  Optimizer weight_optimizer_;
  Optimizer architecture_optimizer_;
  RepeatedWork steps_;
  int64_t step_ = 0;
  torch::Tensor losses_;  // float64 [2], sums over the epoch: of the weights, of the architecture
  Json records_ = Json::array();
  std::optional<size_t> collapsed_;       // index of the record that counts
  std::vector<torch::Tensor> curvature_;  // direction of the dominant eigenvalue
};

}  // namespace nas
