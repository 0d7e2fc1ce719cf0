#include "nas/reinforce/ppo_training.hpp"

#include <cmath>
#include <numbers>

#include "nas/cooling/scenario.hpp"
#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

NetworkPlan small_policy() {
  PlanBuilder plan;
  int64_t node = plan.add(Linear{kObservations, 16}, {PlanBuilder::kInput}, "layers.0.linear");
  node = plan.add(Relu{}, {node}, "layers.0.activation");
  node = plan.add(Linear{16, static_cast<int64_t>(kLevers) + 1}, {node}, "classifier");
  return std::move(plan).finish({node});
}

PpoConfig small_config() {
  PpoConfig config;
  config.iterations = 12;
  config.environments = 16;
  config.steps = 12;
  config.learning_rate = 3e-3;
  return config;
}

struct Learner {
  Learner()
      : traces(read_traces({}, sites)),
        episodes(Hall(), traces, weeks_of({sites, 0, 2}, traces),
                 {config.environments, config.steps, config.margin, 5}),
        training({config, 5, "test"}, small_policy(), episodes) {}

  std::vector<std::string> sites{"chicago"};
  PpoConfig config = small_config();
  Traces traces;
  Episodes episodes;
  PpoTraining training;
};

bool same(const NamedTensors& a, const NamedTensors& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (!torch::equal(a[i].second, b[i].second)) return false;
  }
  return a.size() == b.size();
}

}  // namespace

TEST_CASE("the density of actions is that of a normal distribution", "[reinforce]") {
  const torch::Tensor action = torch::tensor({1.F, 2.F}).view({1, 2});
  const torch::Tensor mean = torch::tensor({0.F, 2.F}).view({1, 2});
  const torch::Tensor log_deviation = torch::tensor({0.F, std::log(2.F)});
  const double expected = -.5 - std::log(2.) - std::log(2 * std::numbers::pi);
  REQUIRE(log_density(action, mean, log_deviation).item<double>() == Approx(expected));
}

TEST_CASE("a policy earns more after it has learnt", "[reinforce]") {
  Learner learner;
  while (learner.training.iterations_done() < 12) learner.training.iterate();
  REQUIRE(learner.training.finite());
  const Json& history = learner.training.history();
  REQUIRE(history.back()["train_reward"].get<double>() >
          history.front()["train_reward"].get<double>());
}

TEST_CASE("a learning that goes on from its checkpoint ends bit for bit the same", "[reinforce]") {
  Learner whole;
  Learner first;
  Learner second;
  for (int i = 0; i < 4; ++i) whole.training.iterate();
  for (int i = 0; i < 2; ++i) first.training.iterate();
  const Checkpoint checkpoint = first.training.checkpoint();
  second.training.restore(checkpoint);
  for (int i = 0; i < 2; ++i) second.training.iterate();
  REQUIRE(same(whole.training.policy().state(), second.training.policy().state()));
  REQUIRE(whole.training.history() == second.training.history());
  Checkpoint damaged = checkpoint;
  damaged.state["identity"] = "other";
  REQUIRE_THROWS_AS(second.training.restore(damaged), UsageError);
  damaged = checkpoint;
  damaged.state.erase("penalty");
  REQUIRE_THROWS_AS(second.training.restore(damaged), InputError);
}

TEST_CASE("a policy network with batch norm or the wrong outputs is refused", "[reinforce]") {
  PlanBuilder plan;
  int64_t node = plan.add(Linear{kObservations, 8}, {PlanBuilder::kInput}, "a");
  node = plan.add(BatchNorm{8}, {node}, "b");
  REQUIRE_THROWS_AS(Policy(std::move(plan).finish({node}), 4, 0, .3), InputError);
  Policy policy(small_policy(), 3, 0, .3);
  REQUIRE_THROWS_AS(policy.forward(torch::zeros({2, kObservations})), InputError);
}

}  // namespace nas
