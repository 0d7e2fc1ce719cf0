#include "nas/train/train_config.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>
#include <utility>

#include "nas/config/section.hpp"
#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

using namespace std::string_view_literals;

constexpr std::array kOptimizers{std::pair{"sgd"sv, OptimizerKind::sgd},
                                 std::pair{"adam"sv, OptimizerKind::adam},
                                 std::pair{"adamw"sv, OptimizerKind::adamw}};
constexpr std::array kSchedules{std::pair{"cosine"sv, ScheduleKind::cosine},
                                std::pair{"constant"sv, ScheduleKind::constant},
                                std::pair{"step"sv, ScheduleKind::step}};
constexpr std::array kPrecisions{std::pair{"float32"sv, Precision::float32},
                                 std::pair{"bfloat16"sv, Precision::bfloat16}};

/// Largest number below 1: decays of 1 would never take anything new in.
constexpr double kBelowOne = 1 - 0x1p-53;

void describe_schedule(Section& section, TrainConfig& config) {
  section.real("learning_rate", config.learning_rate, {0, 1e3, ""}, "largest learning rate");
  section.one_of("schedule", config.schedule, kSchedules,
                 "cosine down to final_learning_rate, constant, or step: a tenth of it from half "
                 "of the epochs on, a hundredth from three quarters on");
  section.real("final_learning_rate", config.final_learning_rate, {0, 1e3, ""},
               "learning rate at the end of a cosine");
  section.real("warmup_epochs", config.warmup_epochs, {0, 1e6, "epochs"},
               "the learning rate first rises linearly for so long");
  if (config.warmup_epochs > static_cast<double>(config.epochs)) {
    section.mistake("warmup_epochs",
                    "is longer than the training of " + std::to_string(config.epochs) + " epochs");
  }
}

void describe_loss(Section& section, TrainConfig& config) {
  section.real("label_smoothing", config.label_smoothing, {0, kBelowOne, ""},
               "share of a label spread over all classes");
  section.real("gradient_clip", config.gradient_clip, {0, 1e9, ""},
               "largest norm of all gradients together; 0: no clipping");
}

void describe_regularization(Section& section, TrainConfig& config) {
  describe_loss(section, config);
  section.real("ema_decay", config.ema_decay, {0, kBelowOne, ""},
               "decay of a moving average of the weights, which then is scored; 0: none");
  section.real("auxiliary_weight", config.auxiliary_weight, {0, 100, ""},
               "weight of the auxiliary head's loss where there is one");
  section.real("drop_path", config.drop_path, {0, kBelowOne, ""},
               "probability of dropping a path, reached linearly over the epochs");
}

void describe_steps(Section& section, TrainConfig& config) {
  section.integer("epochs", config.epochs, {1, 1'000'000, "epochs"},
                  "passes over the training data");
  section.integer("batch_size", config.batch_size, {1, 1'000'000, "examples"}, "examples a step");
  section.integer("evaluation_batch_size", config.evaluation_batch_size, {1, 1'000'000, "examples"},
                  "examples at once when scoring");
  section.section("optimizer", "what turns gradients into steps",
                  [&](Section& optimizer) { describe(optimizer, config.optimizer); });
  describe_schedule(section, config);
}

void describe_input(Section& section, TrainConfig& config) {
  section.one_of("precision", config.precision, kPrecisions,
                 "bfloat16: matrix products in 16 bits where the device is made for it");
  section.section("augment", "random changes of training images",
                  [&](Section& augment) { describe(augment, config.augment); });
}

/// Learning rate at `done`, 0..1, of what follows the warm-up.
double scheduled(const TrainConfig& config, double done) {
  const double low = config.final_learning_rate;
  switch (config.schedule) {
    case ScheduleKind::cosine:
      return low + (config.learning_rate - low) * 0.5 * (1 + std::cos(std::numbers::pi * done));
    case ScheduleKind::constant:
      return config.learning_rate;
    case ScheduleKind::step:
      return config.learning_rate * (done < 0.5 ? 1 : done < 0.75 ? 0.1 : 0.01);
  }
  throw RunError("unknown schedule");
}

}  // namespace

void describe(Section& section, OptimizerConfig& config) {
  section.one_of("type", config.kind, kOptimizers, "sgd, adam or adamw");
  if (config.kind == OptimizerKind::sgd) {
    section.real("momentum", config.momentum, {0, kBelowOne, ""}, "decay of the momentum buffer");
    section.boolean("nesterov", config.nesterov, "look ahead along the momentum");
  } else {
    section.real("beta1", config.beta1, {0, kBelowOne, ""}, "decay of the mean of gradients");
    section.real("beta2", config.beta2, {0, kBelowOne, ""}, "decay of the mean of squares");
    section.real("epsilon", config.epsilon, {1e-30, 1, ""}, "added to the root of that mean");
  }
  section.real("weight_decay", config.weight_decay, {0, 100, ""},
               "pull of the weights to 0; for adamw apart from the gradient");
}

void describe(Section& section, TrainConfig& config) {
  describe_steps(section, config);
  describe_regularization(section, config);
  describe_input(section, config);
  describe(section, config.decision);
  if (config.decision.focal_gamma > 0 && config.label_smoothing > 0) {
    section.mistake("focal_gamma", "found beside label_smoothing, expected one of the two");
  }
}

void describe_shared(Section& section, TrainConfig& config) {
  describe_steps(section, config);
  describe_loss(section, config);
  describe_input(section, config);
}

TrainConfig with_settings(TrainConfig config,
                          const std::vector<std::pair<std::string, std::string>>& settings) {
  static constexpr std::array kOfOptimizer{"momentum"sv, "nesterov"sv, "beta1"sv,
                                           "beta2"sv,    "epsilon"sv,  "weight_decay"sv};
  std::vector<std::string> overrides;
  for (const auto& [name, value] : settings) {
    const bool inner =
        std::find(kOfOptimizer.begin(), kOfOptimizer.end(), name) != kOfOptimizer.end();
    const std::string key =
        name == "optimizer" ? "optimizer.type" : (inner ? "optimizer." : "") + name;
    overrides.emplace_back(key).append("=").append(value);
  }
  try {
    read_config_text("{}", "training", overrides,
                     [&](Section& section) { describe(section, config); });
  } catch (const ConfigError& error) {
    throw InputError(error.what());
  }
  return config;
}

double learning_rate_at(const TrainConfig& config, int64_t step, int64_t steps_per_epoch) {
  const auto at = static_cast<double>(step);
  const auto epoch = static_cast<double>(steps_per_epoch);
  const double warmup = config.warmup_epochs * epoch;
  if (at < warmup) return config.learning_rate * (at + 1) / std::ceil(warmup);
  const double total = static_cast<double>(config.epochs) * epoch;
  return scheduled(config, total > warmup ? (at - warmup) / (total - warmup) : 0);
}

}  // namespace nas
