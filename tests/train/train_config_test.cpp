#include "nas/train/train_config.hpp"

#include <cmath>
#include <numbers>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/train/checkpoint_config.hpp"
#include "nas/train/retrain_config.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

template <class Config>
Config read(const std::string& text, Config config = {}) {
  read_config_text(text, "test.yaml", {}, [&](Section& section) { describe(section, config); });
  return config;
}

TrainConfig schedule(ScheduleKind kind) {
  TrainConfig config;
  config.epochs = 10;
  config.learning_rate = 0.4;
  config.schedule = kind;
  return config;
}

}  // namespace

TEST_CASE("a cosine falls from the largest to the final learning rate", "[train]") {
  TrainConfig config = schedule(ScheduleKind::cosine);
  config.final_learning_rate = 0.1;
  REQUIRE(learning_rate_at(config, 0, 5) == Approx(0.4));
  REQUIRE(learning_rate_at(config, 25, 5) == Approx(0.25));
  const double near_end = 0.1 + 0.3 * 0.5 * (1 + std::cos(std::numbers::pi * 49 / 50));
  REQUIRE(learning_rate_at(config, 49, 5) == Approx(near_end));
  REQUIRE(learning_rate_at(config, 50, 5) == Approx(0.1));
}

TEST_CASE("a constant schedule is constant and steps divide by ten", "[train]") {
  const TrainConfig constant = schedule(ScheduleKind::constant);
  const TrainConfig step = schedule(ScheduleKind::step);
  for (const int64_t at : {0, 24, 25, 37, 38, 49}) {
    REQUIRE(learning_rate_at(constant, at, 5) == 0.4);
  }
  REQUIRE(learning_rate_at(step, 24, 5) == Approx(0.4));
  REQUIRE(learning_rate_at(step, 25, 5) == Approx(0.04));
  REQUIRE(learning_rate_at(step, 37, 5) == Approx(0.04));
  REQUIRE(learning_rate_at(step, 38, 5) == Approx(0.004));
}

TEST_CASE("a warm-up rises linearly and the schedule follows it", "[train]") {
  TrainConfig config = schedule(ScheduleKind::cosine);
  config.warmup_epochs = 2;
  for (int64_t at = 0; at < 10; ++at) {
    REQUIRE(learning_rate_at(config, at, 5) == Approx(0.04 * static_cast<double>(at + 1)));
  }
  REQUIRE(learning_rate_at(config, 10, 5) == Approx(0.4));
  REQUIRE(learning_rate_at(config, 30, 5) == Approx(0.2));
  config.warmup_epochs = 0.5;
  REQUIRE(learning_rate_at(config, 0, 5) == Approx(0.4 / 3));
  REQUIRE(learning_rate_at(config, 2, 5) == Approx(0.4));
  config.warmup_epochs = 10;
  REQUIRE(learning_rate_at(config, 49, 5) == Approx(0.4));
}

TEST_CASE("every option of a training is read", "[train]") {
  const auto config = read<TrainConfig>(R"(
epochs: 7
batch_size: 32
evaluation_batch_size: 99
optimizer: {type: adamw, beta1: 0.8, beta2: 0.99, epsilon: 1e-7, weight_decay: 0.05}
learning_rate: 0.002
final_learning_rate: 1e-5
schedule: step
warmup_epochs: 1.5
label_smoothing: 0.1
gradient_clip: 5
ema_decay: 0.999
auxiliary_weight: 0.3
drop_path: 0.2
precision: bfloat16
augment: {flip: true, crop_padding: 4, cutout: 16}
)");
  REQUIRE(config.epochs == 7);
  REQUIRE(config.batch_size == 32);
  REQUIRE(config.evaluation_batch_size == 99);
  REQUIRE(config.optimizer.kind == OptimizerKind::adamw);
  REQUIRE(config.optimizer.beta1 == 0.8);
  REQUIRE(config.optimizer.beta2 == 0.99);
  REQUIRE(config.optimizer.epsilon == 1e-7);
  REQUIRE(config.optimizer.weight_decay == 0.05);
  REQUIRE(config.learning_rate == 0.002);
  REQUIRE(config.final_learning_rate == 1e-5);
  REQUIRE(config.schedule == ScheduleKind::step);
  REQUIRE(config.warmup_epochs == 1.5);
  REQUIRE(config.label_smoothing == 0.1);
  REQUIRE(config.gradient_clip == 5);
  REQUIRE(config.ema_decay == 0.999);
  REQUIRE(config.auxiliary_weight == 0.3);
  REQUIRE(config.drop_path == 0.2);
  REQUIRE(config.precision == Precision::bfloat16);
  REQUIRE(config.augment.flip);
  REQUIRE(config.augment.crop_padding == 4);
  REQUIRE(config.augment.cutout == 16);
}

TEST_CASE("options of another optimizer are mistakes", "[train]") {
  REQUIRE_THROWS_WITH(read<TrainConfig>("optimizer: {type: adam, momentum: 0.9}"),
                      ContainsSubstring("momentum"));
  REQUIRE_THROWS_WITH(read<TrainConfig>("optimizer: {beta1: 0.9}"), ContainsSubstring("beta1"));
  REQUIRE_THROWS_AS(read<TrainConfig>("optimizer: {momentum: 1}"), ConfigError);
}

TEST_CASE("a warm-up longer than the training is a mistake", "[train]") {
  REQUIRE_THROWS_WITH(read<TrainConfig>("{epochs: 3, warmup_epochs: 4}"),
                      ContainsSubstring("warmup_epochs"));
}

TEST_CASE("decisions are configured, and what cannot be is a mistake", "[train]") {
  const auto config = read<TrainConfig>(
      "{focal_gamma: 2, precision_at_recall: 0.8, threshold: cost, calibrate: true, "
      "validation_folds: 5, cost_matrix: ['0 1', '5 0']}");
  REQUIRE(config.decision.focal_gamma == 2);
  REQUIRE(config.decision.validation_folds == 5);
  REQUIRE(config.decision.threshold == ThresholdRule::cost);
  REQUIRE(questions_of(config.decision).recall == 0.8);
  REQUIRE(config.decision.fits_rule());
  REQUIRE_THROWS_WITH(read<TrainConfig>("{threshold: cost}"), ContainsSubstring("cost_matrix"));
  REQUIRE_THROWS_WITH(read<TrainConfig>("{validation_folds: 1}"), ContainsSubstring("found 1"));
  REQUIRE_THROWS_WITH(read<TrainConfig>("{focal_gamma: 2, label_smoothing: 0.1}"),
                      ContainsSubstring("focal_gamma"));
}

TEST_CASE("a decision rule is fitted by cost or specificity", "[train]") {
  const Decisions seen{2, {.9, .1, .7, .3, .6, .4, .2, .8}, {0, 0, 1, 1}};
  DecisionConfig config;
  config.cost_matrix = {"0 1", "5 0"};
  config.threshold = ThresholdRule::cost;
  REQUIRE(fit_rule(config, seen).threshold == Approx(.35));
  REQUIRE(fit_rule(config, seen).temperature == 1);
  config.threshold = ThresholdRule::specificity;
  config.specificity = 0.5;
  REQUIRE(fit_rule(config, seen).threshold == Approx(.2));
  REQUIRE_THROWS_WITH(fit_rule(config, {}), ContainsSubstring("no validation data"));
  REQUIRE_THROWS_WITH(fit_rule(config, {2, {.5, .5}, {0}}), ContainsSubstring("two classes"));
}

TEST_CASE("retraining keeps what it does not change", "[train]") {
  RetrainConfig defaults;
  defaults.training.epochs = 5;
  defaults.training.learning_rate = 0.3;
  const auto config = read<RetrainConfig>("{seeds: 2, epochs: 40}", defaults);
  REQUIRE(config.seeds == 2);
  REQUIRE(config.training.epochs == 40);
  REQUIRE(config.training.learning_rate == 0.3);
}

TEST_CASE("checkpoints are asked for by steps and by time", "[train]") {
  const auto config = read<CheckpointConfig>("{steps: 100, seconds: 10m}");
  REQUIRE(config.steps == 100);
  REQUIRE(config.seconds == 600);
}

}  // namespace nas
