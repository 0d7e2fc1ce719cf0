#include "controllers/ppo.hpp"

#include <cmath>

#include "controllers/policy_tensor.hpp"
#include "nas/core/error.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/optimizer.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Objectives kObjectives{Objective{}};

Choices four_bits() {
  Choices choices;
  for (const char* name : {"a", "b", "c", "d"}) {
    choices.push_back({name, Categorical{{"no", "yes", "maybe"}}, std::nullopt});
  }
  return choices;
}

Metrics agreement(const Point& point) {
  double score = 0;
  for (const Value& value : point.values) score += value == Value(int64_t{1}) ? 25 : 0;
  return {{"validation_accuracy", score}};
}

double mean_score(const std::vector<Trial>& trials, size_t begin, size_t end) {
  double sum = 0;
  for (size_t i = begin; i < end; ++i) sum += agreement(*trials[i].point).begin()->second;
  return sum / static_cast<double>(end - begin);
}

}  // namespace

TEST_CASE("ppo learns the best point", "[ppo]") {
  const testing::PlainSpace space(four_bits());
  for (const uint64_t seed : {1, 2, 3}) {
    const auto controller = make_ppo({}, {space, kObjectives, seed});
    const auto trials = testing::search(*controller, 400, 1, agreement);
    INFO("seed " << seed << ": " << mean_score(trials, 0, 50));
    REQUIRE(mean_score(trials, 350, 400) > 85);
  }
}

TEST_CASE("the first step of an update is not clipped, later ones are", "[ppo]") {
  const testing::PlainSpace space(four_bits());
  PpoOptions options;
  options.batch = 1;
  const auto taught = [&](Controller& controller) {
    for (int64_t n = 0; n < 40; ++n) {
      Trial trial;
      trial.number = n;
      trial.state = TrialState::complete;
      trial.point = point_at(space.choices(), n);
      trial.metrics = agreement(*trial.point);
      controller.tell(trial);
    }
    return controller.save();
  };
  const auto state_with = [&](double clip, int64_t steps) {
    options.clip = clip;
    options.steps = steps;
    return taught(*make_ppo(options, {space, kObjectives, 5}));
  };
  REQUIRE(state_with(0, 1) == state_with(0.2, 1));
  REQUIRE_FALSE(state_with(0, 3) == state_with(0.2, 3));
}

TEST_CASE("the likelihood of a group is that of its points", "[ppo]") {
  const Choices choices = four_bits();
  const LstmPolicy policy(choices, {16, 8, 3});
  const std::vector<Point> points{point_at(choices, 3), point_at(choices, 40),
                                  point_at(choices, 80)};
  const Likelihood all = policy.likelihood(points);
  for (size_t i = 0; i < points.size(); ++i) {
    const Likelihood one = policy.likelihood({&points[i], 1});
    const auto at = static_cast<int64_t>(i);
    REQUIRE(all.log_probabilities[at].item<double>() ==
            Approx(one.log_probabilities[0].item<double>()));
    REQUIRE(all.entropies[at].item<double>() == Approx(one.entropies[0].item<double>()));
  }
  // Close to uniform at first: four decisions among three.
  REQUIRE(all.entropies[0].item<double>() == Approx(4 * std::log(3.0)).epsilon(0.02));
}

}  // namespace nas
