#include "nas/compress/pruning.hpp"

#include <algorithm>
#include <filesystem>

#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/checkpoint.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/crashing_monitor.hpp"
#include "tests/train/support.hpp"

namespace nas {
namespace {

const torch::Device kCpu(torch::kCPU);

using test::Crash;
using test::CrashingAfter;

struct Scene {
  PruneConfig config;
  CheckpointConfig checkpoints;
  TrainingData data = load_for_retraining(test::some_digits(300), kCpu);
  NetworkPlan plan = test::small_plan();
  NamedTensors weights = state_of(*build_network(plan, 3, kCpu));
  test::ScratchFolder scratch;

  Scene() {
    config.steps = 3;
    config.fine_tuning.training.epochs = 2;
    config.fine_tuning.training.batch_size = 50;
    config.fine_tuning.training.learning_rate = 0.05;
    config.fine_tuning.training.ema_decay = 0.9;
    checkpoints.steps = 2;
  }

  PrunedWeights prune_in(const char* name, Monitor& monitor) const {
    return prune({config, checkpoints, data, plan, weights, 5, kCpu, scratch.path() / name, "test",
                  [](const std::string&) {}},
                 monitor);
  }
  PrunedWeights prune_in(const char* name) const {
    CrashingAfter monitor(1000);
    return prune_in(name, monitor);
  }
};

bool same(const PrunedWeights& a, const PrunedWeights& b) {
  if (a.kept != b.kept || a.plan != b.plan) return false;
  for (size_t i = 0; i < a.weights.size(); ++i) {
    const auto found = std::find_if(b.weights.begin(), b.weights.end(), [&](const auto& entry) {
      return entry.first == a.weights[i].first;
    });
    if (found == b.weights.end() || !found->second.equal(a.weights[i].second)) return false;
  }
  return a.weights.size() == b.weights.size();
}

}  // namespace

TEST_CASE("a network pruned in rounds meets its target by every criterion", "[compress]") {
  Scene scene;
  const Shape input = scene.data.task.input;
  const Cost whole = cost(scene.plan, input);
  for (const auto criterion : {PruneCriterion::magnitude, PruneCriterion::batch_norm,
                               PruneCriterion::taylor, PruneCriterion::random}) {
    scene.config.criterion = criterion;
    const auto name = std::to_string(static_cast<int>(criterion));
    const PrunedWeights pruned = scene.prune_in(name.c_str());
    const Cost left = cost(pruned.plan, input);
    REQUIRE(left.multiply_adds * 2 <= whole.multiply_adds);
    const auto network = build_network(pruned.plan, 0, kCpu);
    REQUIRE_NOTHROW(load_state(*network, pruned.weights));
  }
}

TEST_CASE("a network pruned by sensitivity meets its target", "[compress]") {
  Scene scene;
  scene.config.allocation = PruneAllocation::sensitivity;
  const PrunedWeights pruned = scene.prune_in("here");
  const Shape input = scene.data.task.input;
  REQUIRE(cost(pruned.plan, input).multiply_adds * 2 <= cost(scene.plan, input).multiply_adds);
}

/// Share of zeros among the weights of convolutions and linear layers.
double zeros_in(const NamedTensors& weights) {
  double zeros = 0;
  double all = 0;
  for (const auto& [name, tensor] : weights) {
    if (tensor.dim() < 2) continue;
    zeros += (tensor == 0).sum().item<double>();
    all += static_cast<double>(tensor.numel());
  }
  return zeros / all;
}

TEST_CASE("a mask leaves its share of zeros, after channels or alone, however often it is killed",
          "[compress]") {
  Scene scene;
  scene.config.steps = 1;
  scene.config.mask = MaskPattern::unstructured;
  scene.config.sparsity = 0.6;
  const PrunedWeights alone = scene.prune_in("alone");
  REQUIRE(zeros_in(alone.weights) == Approx(0.6).margin(0.01));
  REQUIRE(cost(alone.plan, {1, 8, 8}).parameters < cost(scene.plan, {1, 8, 8}).parameters);
  for (const int64_t after : {1, 2}) {
    CrashingAfter monitor(after);
    REQUIRE_THROWS_AS(scene.prune_in("killed", monitor), Crash);
  }
  REQUIRE(same(scene.prune_in("killed"), alone));
  scene.config.multiply_adds = 1;
  const PrunedWeights whole = scene.prune_in("whole");
  REQUIRE(whole.plan == scene.plan);
  REQUIRE(zeros_in(whole.weights) == Approx(0.6).margin(0.01));
}

TEST_CASE("a pruning that is killed anywhere ends as one that was left alone", "[compress]") {
  const Scene scene;
  const PrunedWeights alone = scene.prune_in("alone");
  // Two epochs each of three rounds are reported.
  const std::vector<std::pair<const char*, std::vector<int64_t>>> crashes{{"early", {1, 2}},
                                                                          {"late", {3, 1}}};
  for (const auto& [name, reports] : crashes) {
    for (const int64_t after : reports) {
      CrashingAfter monitor(after);
      REQUIRE_THROWS_AS(scene.prune_in(name, monitor), Crash);
    }
    REQUIRE(same(scene.prune_in(name), alone));
    REQUIRE(same(scene.prune_in(name), alone));  // nothing is left to do
    forget_pruning(scene.scratch.path() / name);
    REQUIRE(std::filesystem::is_empty(scene.scratch.path() / name));
  }
}

TEST_CASE("what another pruning left is refused", "[compress]") {
  Scene scene;
  scene.prune_in("here");
  CrashingAfter monitor(1000);
  REQUIRE_THROWS_AS(
      prune({scene.config, scene.checkpoints, scene.data, scene.plan, scene.weights, 5, kCpu,
             scene.scratch.path() / "here", "other", [](const std::string&) {}},
            monitor),
      UsageError);
}

}  // namespace nas
