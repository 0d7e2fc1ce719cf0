#include "nas/train/training.hpp"

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"
#include "tests/train/support.hpp"

namespace nas {
namespace {

const torch::Device kCpu(torch::kCPU);

/// Everything that needs state is switched on.
TrainingSetting rich_setting(OptimizerKind kind) {
  TrainingSetting setting;
  setting.seed = 11;
  setting.identity = "test";
  TrainConfig& config = setting.config;
  config.epochs = 3;
  config.batch_size = 40;
  config.optimizer.kind = kind;
  config.learning_rate = kind == OptimizerKind::sgd ? 0.1 : 0.01;
  config.warmup_epochs = 1;
  config.label_smoothing = 0.1;
  config.gradient_clip = 1;
  config.ema_decay = 0.9;
  config.drop_path = 0.4;
  config.augment = {true, 1, 2};
  return setting;
}

/// 200 examples to train on: five steps an epoch.
const TrainingData& digits() {
  static const TrainingData data = load_for_search(test::some_digits(250), kCpu);
  return data;
}

Training make(const TrainingSetting& setting) { return {setting, test::small_plan(), digits()}; }

void advance(Training& training, int64_t until) {
  while (training.steps_done() < until) {
    training.step();
    if (training.at_epoch_end()) training.finish_epoch();
  }
}

constexpr int64_t kSteps = 15;

/// Goes on from `checkpoint` to the end; what a resumed process would then hold.
Checkpoint finished_from(const TrainingSetting& setting, const Checkpoint& checkpoint) {
  Training training = make(setting);
  torch::manual_seed(999);  // a new process knows nothing of the old one's generator
  training.restore(checkpoint);
  advance(training, kSteps);
  return training.checkpoint();
}

bool same(const Checkpoint& a, const Checkpoint& b) {
  if (a.state != b.state || a.tensors.size() != b.tensors.size()) return false;
  for (size_t i = 0; i < a.tensors.size(); ++i) {
    if (a.tensors[i].first != b.tensors[i].first) return false;
    if (!a.tensors[i].second.equal(b.tensors[i].second)) return false;
  }
  return true;
}

/// As it comes back from disk.
Checkpoint through_file(const Checkpoint& checkpoint) {
  const test::ScratchFolder folder;
  save_checkpoint(folder.path(), 1, checkpoint);
  return *load_checkpoint(folder.path(), [](const std::string& text) { FAIL(text); });
}

/// `step` steps, and what is then saved.
Checkpoint saved_at(const TrainingSetting& setting, int64_t step) {
  Training training = make(setting);
  advance(training, step);
  return through_file(training.checkpoint());
}

/// `whole`, but tensors whose names hold `part` are those of `fresh`.
Checkpoint with_fresh_tensors(const Checkpoint& whole, const Checkpoint& fresh,
                              const std::string& part) {
  Checkpoint mixed = whole;
  int64_t replaced = 0;
  for (auto& [name, tensor] : mixed.tensors) {
    if (name.find(part) == std::string::npos) continue;
    for (const auto& [other, value] : fresh.tensors) {
      if (other == name) tensor = value;
    }
    ++replaced;
  }
  REQUIRE(replaced > 0);
  return mixed;
}

Checkpoint without_tensors(const Checkpoint& whole, const std::string& part) {
  Checkpoint less = whole;
  std::erase_if(less.tensors,
                [&](const auto& item) { return item.first.find(part) != item.first.npos; });
  REQUIRE(less.tensors.size() < whole.tensors.size());
  return less;
}

}  // namespace

TEST_CASE("a training interrupted at any step ends with the same bits", "[train]") {
  const auto setting =
      rich_setting(GENERATE(OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw));
  Training undisturbed = make(setting);
  advance(undisturbed, kSteps);
  REQUIRE(undisturbed.done());
  const Checkpoint reference = undisturbed.checkpoint();
  for (const auto& [name, tensor] : reference.tensors) {
    REQUIRE(tensor.isfinite().all().item<bool>());
  }
  REQUIRE(reference.state["history"].size() == 3);
  for (const int64_t step : {0, 1, 4, 5, 6, 12, 15}) {
    REQUIRE(same(finished_from(setting, saved_at(setting, step)), reference));
  }
}

TEST_CASE("a training interrupted again and again ends with the same bits", "[train]") {
  const auto setting = rich_setting(OptimizerKind::sgd);
  Training undisturbed = make(setting);
  advance(undisturbed, kSteps);
  Checkpoint saved = saved_at(setting, 1);
  for (int64_t step = 2; step <= kSteps; ++step) {
    Training training = make(setting);
    training.restore(saved);
    advance(training, step);
    saved = through_file(training.checkpoint());
  }
  REQUIRE(same(finished_from(setting, saved), undisturbed.checkpoint()));
}

TEST_CASE("a piece of state that starts anew changes the result", "[train]") {
  const auto kind = GENERATE(OptimizerKind::sgd, OptimizerKind::adamw);
  const auto setting = rich_setting(kind);
  const Checkpoint whole = saved_at(setting, 7);
  const Checkpoint reference = finished_from(setting, whole);
  const Checkpoint fresh = make(setting).checkpoint();
  std::vector<std::string> parts{"network.", "network.stem.norm.running_mean", "optimizer.momentum",
                                 "average.", "sums"};
  if (kind == OptimizerKind::adamw) {
    parts.insert(parts.end(), {"optimizer.square", "optimizer.steps"});
  }
  for (const auto& part : parts) {
    INFO(part);
    REQUIRE_FALSE(same(finished_from(setting, with_fresh_tensors(whole, fresh, part)), reference));
  }
  for (const char* key : {"step", "history"}) {
    INFO(key);
    Checkpoint mixed = whole;
    mixed.state[key] = fresh.state[key];
    REQUIRE_FALSE(same(finished_from(setting, mixed), reference));
  }
}

TEST_CASE("a checkpoint that lacks a piece is refused", "[train]") {
  const auto setting = rich_setting(OptimizerKind::adamw);
  const Checkpoint whole = saved_at(setting, 7);
  Training training = make(setting);
  for (const char* part : {"network.", "network.head.bias", "running_var", "optimizer.momentum",
                           "optimizer.square.3", "optimizer.steps", "average.", "sums"}) {
    INFO(part);
    REQUIRE_THROWS_AS(training.restore(without_tensors(whole, part)), InputError);
  }
  for (const char* key : {"step", "metrics", "history"}) {
    INFO(key);
    Checkpoint less = whole;
    less.state.erase(key);
    REQUIRE_THROWS_AS(training.restore(less), InputError);
  }
}

TEST_CASE("a checkpoint of another training is refused", "[train]") {
  const auto setting = rich_setting(OptimizerKind::sgd);
  const Checkpoint saved = saved_at(setting, 3);
  auto seed = setting;
  seed.seed = 12;
  REQUIRE_THROWS_AS(make(seed).restore(saved), UsageError);
  auto identity = setting;
  identity.identity = "other";
  REQUIRE_THROWS_AS(make(identity).restore(saved), UsageError);
  auto epochs = setting;
  epochs.config.epochs = 4;
  REQUIRE_THROWS_AS(make(epochs).restore(saved), UsageError);
}

TEST_CASE("the result depends on the seed and not on the batches of scoring", "[train]") {
  auto setting = rich_setting(OptimizerKind::sgd);
  setting.config.epochs = 1;
  Training first = make(setting);
  advance(first, 5);
  setting.config.evaluation_batch_size = 7;
  Training second = make(setting);
  advance(second, 5);
  setting.seed = 12;
  Training other = make(setting);
  advance(other, 5);
  REQUIRE(first.metrics().at("validation_accuracy") == second.metrics().at("validation_accuracy"));
  REQUIRE(first.metrics().at("validation_loss") ==
          Approx(second.metrics().at("validation_loss")).epsilon(1e-5));
  REQUIRE(first.metrics().at("train_loss") == second.metrics().at("train_loss"));
  REQUIRE(first.metrics().at("train_loss") != other.metrics().at("train_loss"));
}

TEST_CASE("the average of the weights is what is scored and given out", "[train]") {
  auto setting = rich_setting(OptimizerKind::sgd);
  Training averaged = make(setting);
  advance(averaged, 5);
  setting.config.ema_decay = 0;
  Training plain = make(setting);
  advance(plain, 5);
  // The same steps, another score.
  REQUIRE(averaged.metrics().at("train_loss") == plain.metrics().at("train_loss"));
  REQUIRE(averaged.metrics().at("validation_loss") != plain.metrics().at("validation_loss"));
  REQUIRE_FALSE(averaged.trained_weights()[0].second.equal(plain.trained_weights()[0].second));
}

TEST_CASE("a moving average follows its formula", "[train]") {
  const auto network = build_network(test::small_plan(), 1, kCpu);
  MovingAverage average(*network, 0.5);
  const torch::Tensor weight = network->named_parameters()["head.weight"];
  const torch::NoGradGuard no_grad;
  torch::Tensor expected = weight.clone();
  for (int64_t step = 0; step < 20; ++step) {
    weight.add_(1);
    average.update(step);
    const double decay =
        std::min(0.5, (1 + static_cast<double>(step)) / (10 + static_cast<double>(step)));
    expected = decay * expected + (1 - decay) * weight;
  }
  const torch::Tensor live = weight.clone();
  average.swap();
  REQUIRE(torch::allclose(weight, expected, 1e-5, 1e-5));
  REQUIRE_FALSE(torch::allclose(weight, live, 1e-3, 1e-3));
  average.swap();
  REQUIRE(weight.equal(live));
}

TEST_CASE("numbers that are not finite are noticed wherever they are", "[train]") {
  const auto setting = rich_setting(OptimizerKind::sgd);
  const Checkpoint saved = saved_at(setting, 3);
  Training training = make(setting);
  training.restore(saved);
  REQUIRE(training.finite());
  const double bad =
      GENERATE(std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity());
  for (const char* part : {"network.stem.conv.weight", "network.path.norm.running_var", "sums"}) {
    INFO(part);
    Checkpoint damaged = saved;
    for (auto& [name, tensor] : damaged.tensors) {
      if (name != part) continue;
      tensor = tensor.clone();
      tensor.view(-1)[0] = bad;
    }
    training.restore(damaged);
    REQUIRE_FALSE(training.finite());
  }
}

TEST_CASE("in bfloat16 the loss falls too, and weights stay in 32 bits", "[train]") {
  auto setting = rich_setting(OptimizerKind::sgd);
  setting.config.precision = Precision::bfloat16;
  Training training = make(setting);
  advance(training, kSteps);
  const Json history = training.history();
  REQUIRE(history[2]["train_loss"].get<double>() < history[0]["train_loss"].get<double>());
  for (const auto& [name, tensor] : training.trained_weights()) {
    REQUIRE(tensor.scalar_type() == torch::kFloat32);
  }
  setting.config.precision = Precision::float32;
  Training wide = make(setting);
  advance(wide, kSteps);
  REQUIRE(wide.metrics().at("train_loss") != training.metrics().at("train_loss"));
}

}  // namespace nas
