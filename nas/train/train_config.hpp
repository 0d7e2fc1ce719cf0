#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nas/data/augment_config.hpp"
#include "nas/train/decision_config.hpp"

namespace nas {

class Section;

enum class OptimizerKind { sgd, adam, adamw };
/// step: divided by 10 at half and again at three quarters of the epochs (He et al. 2016).
enum class ScheduleKind { cosine, constant, step };
enum class Precision { float32, bfloat16 };

struct OptimizerConfig {
  OptimizerKind kind = OptimizerKind::sgd;
  double momentum = 0.9;  // sgd
  bool nesterov = true;   // sgd
  double beta1 = 0.9;     // adam, adamw
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 5e-4;
};

/// Everything about training one network. Read from `evaluator:` of type train and, with those
/// values as defaults, from `stages.retrain`.
struct TrainConfig {
  int64_t epochs = 12;
  int64_t batch_size = 64;
  int64_t evaluation_batch_size = 512;
  OptimizerConfig optimizer;
  double learning_rate = 0.1;
  double final_learning_rate = 0;
  ScheduleKind schedule = ScheduleKind::cosine;
  double warmup_epochs = 0;
  double label_smoothing = 0;
  /// Largest norm of all gradients together; 0: no clipping.
  double gradient_clip = 0;
  /// Decay of an exponential moving average of the weights, which is then what is scored; 0: none.
  double ema_decay = 0;
  /// Weight of the auxiliary head's loss where the network has one.
  double auxiliary_weight = 0.4;
  /// Drop-path probability, growing linearly: drop_path * epoch / epochs (Liu et al. 2019).
  double drop_path = 0;
  Precision precision = Precision::float32;
  AugmentConfig augment;
  DecisionConfig decision;
};

void describe(Section& section, OptimizerConfig& config);
void describe(Section& section, TrainConfig& config);
/// The part that training weights which many networks share knows, too: all but the moving average,
/// the auxiliary head, drop-path, class weights and costs.
void describe_shared(Section& section, TrainConfig& config);

/// The configuration with some keys set, by name (`learning_rate`); `optimizer` is its type, and
/// its options (`weight_decay`) are named without it. Throws InputError for a name that it does not
/// have or a value that it does not take.
TrainConfig with_settings(TrainConfig config,
                          const std::vector<std::pair<std::string, std::string>>& settings);

/// The learning rate of step `step` (from 0) of `steps_per_epoch * config.epochs`: a pure function,
/// so that there is no schedule state to save.
double learning_rate_at(const TrainConfig& config, int64_t step, int64_t steps_per_epoch);

}  // namespace nas
