#include "controllers/median_stopping.hpp"
#include "controllers/percentile_stopping.hpp"
#include "nas/core/json.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Objective kAccuracy{"accuracy", Goal::maximize};
const Objective kLoss{"loss", Goal::minimize};

/// Tells `rule` a trial with these values at steps 1, 2, ...
void tell(StoppingRule& rule, int64_t number, const std::string& metric,
          const std::vector<double>& values, TrialState state = TrialState::complete,
          std::optional<int64_t> continues = std::nullopt) {
  Trial trial;
  trial.number = number;
  trial.state = state;
  trial.continues = continues;
  LearningCurve curve;
  for (const double value : values) {
    curve.push_back({static_cast<int64_t>(curve.size()) + 1, {{metric, value}}});
  }
  rule.tell(trial, curve);
}

MedianStoppingOptions median_after(int64_t startup_trials) {
  MedianStoppingOptions options;
  options.startup_trials = startup_trials;
  return options;
}

TEST_CASE("The median is over the means of the curves up to each step") {
  const auto rule = make_median_stopping(median_after(3), kAccuracy);
  tell(*rule, 0, "accuracy", {10, 30});
  tell(*rule, 1, "accuracy", {20, 20, 50});
  CHECK_FALSE(rule->cutoffs(Job::evaluate));
  tell(*rule, 2, "accuracy", {30, 70});
  const auto cutoffs = rule->cutoffs(Job::evaluate);
  REQUIRE(cutoffs);
  CHECK(cutoffs->metric == "accuracy");
  CHECK(cutoffs->at == std::map<int64_t, double>{{1, 20}, {2, 20}, {3, 30}});
  CHECK(falls_short(*cutoffs, 1, 19.9));
  CHECK_FALSE(falls_short(*cutoffs, 1, 20));
  CHECK_FALSE(falls_short(*cutoffs, 4, 0));
}

TEST_CASE("Where less is better the cutoffs bound from above") {
  const auto rule = make_median_stopping(median_after(1), kLoss);
  tell(*rule, 0, "loss", {2, 1});
  const auto cutoffs = rule->cutoffs(Job::evaluate);
  REQUIRE(cutoffs);
  CHECK(falls_short(*cutoffs, 2, 1.6));
  CHECK_FALSE(falls_short(*cutoffs, 2, 1.5));
}

TEST_CASE("Trials that failed, were stopped, or have another job are no measure") {
  const auto rule = make_median_stopping(median_after(1), kAccuracy);
  tell(*rule, 0, "accuracy", {10}, TrialState::stopped);
  tell(*rule, 1, "accuracy", {10}, TrialState::failed);
  tell(*rule, 2, "other", {10});
  CHECK_FALSE(rule->cutoffs(Job::evaluate));
  tell(*rule, 3, "accuracy", {10});
  CHECK(rule->cutoffs(Job::evaluate));
  CHECK_FALSE(rule->cutoffs(Job::supernet));
}

TEST_CASE("A promoted trial counts once, with its whole curve") {
  const auto rule = make_median_stopping(median_after(1), kAccuracy);
  tell(*rule, 0, "accuracy", {10});
  tell(*rule, 1, "accuracy", {40});
  tell(*rule, 2, "accuracy", {40, 60}, TrialState::complete, 1);
  const auto cutoffs = rule->cutoffs(Job::evaluate);
  REQUIRE(cutoffs);
  CHECK(cutoffs->at == std::map<int64_t, double>{{1, 25}, {2, 50}});
}

TEST_CASE("The percentile is over the values at each step, between ranks as numpy has it") {
  PercentileStoppingOptions options;
  options.startup_trials = 1;
  options.percentile = 25;
  const auto best_quarter = [&](const Objective& objective) {
    const auto rule = make_percentile_stopping(options, objective);
    for (const int64_t n : {0, 1, 2, 3}) {
      tell(*rule, n, objective.metric, {static_cast<double>(n), 5});
    }
    return rule->cutoffs(Job::evaluate)->at;
  };
  CHECK(best_quarter(kAccuracy) == std::map<int64_t, double>{{1, 2.25}, {2, 5}});
  CHECK(best_quarter(kLoss) == std::map<int64_t, double>{{1, 0.75}, {2, 5}});
}

TEST_CASE("Warm-up, interval and the least number of trials leave steps without a cutoff") {
  MedianStoppingOptions options = median_after(1);
  options.warmup_steps = 2;
  options.interval = 3;
  options.minimum_trials = 2;
  const auto rule = make_median_stopping(options, kAccuracy);
  tell(*rule, 0, "accuracy", {1, 2, 3, 4, 5, 6, 7, 8});
  tell(*rule, 1, "accuracy", {1, 2, 3, 4, 5, 6});
  const auto cutoffs = rule->cutoffs(Job::evaluate);
  REQUIRE(cutoffs);
  CHECK(cutoffs->at.size() == 2);
  CHECK(cutoffs->at.contains(2));
  CHECK(cutoffs->at.contains(5));
}

TEST_CASE("Cutoffs come back from their text") {
  const Cutoffs cutoffs{"loss", Goal::minimize, {{3, 0.1}, {27, 1e-9}}};
  CHECK(cutoffs_from_json(to_json(cutoffs)) == cutoffs);
}

}  // namespace
}  // namespace nas
