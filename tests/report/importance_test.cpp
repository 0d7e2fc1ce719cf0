#include "nas/report/importance.hpp"

#include <cmath>
#include <set>

#include "nas/core/json.hpp"
#include "nas/search/sampling.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

Choices choices() {
  return {{"rate", RealInterval{1e-4, 1, true}, std::nullopt},
          {"kind", Categorical{{"a", "b", "c", "d"}}, std::nullopt},
          {"depth", IntegerInterval{1, 8}, Condition{1, {0}}},
          {"only", Categorical{{"one"}}, std::nullopt}};
}

/// Trials of uniform points; `score` gives the loss.
template <class Score>
std::vector<Trial> trials_of(size_t count, Score score) {
  std::vector<Trial> trials;
  for (size_t i = 0; i < count; ++i) {
    RandomStream random(3, "importance.test", i);
    Trial& trial = trials.emplace_back();
    trial.number = static_cast<int64_t>(i);
    trial.state = TrialState::complete;
    trial.point = sample(choices(), random);
    trial.metrics["loss"] = score(trial.point->values);
  }
  return trials;
}

double decades(const Value& rate) { return std::log10(std::get<double>(rate)); }
/// Not in the order of the options: a and c are alike, b and d are.
double height(const Value& kind) { return std::get<int64_t>(kind) % 2 == 0 ? 0 : 4; }

TEST_CASE("Numbers count on their scale, options by what they do and not by their order") {
  // Variance of -4..0 uniform: 16/12; of 0 or 4: 4.
  const auto trials =
      trials_of(1200, [](const auto& values) { return decades(values[0]) + height(values[1]); });
  const auto importance = importance_of(choices(), trials, "loss", 0);
  REQUIRE(importance);
  CHECK(importance->trials == 1200);
  CHECK(importance->explained > 0.97);
  REQUIRE(importance->choices.size() == 3);  // one of a single option explains nothing
  CHECK(importance->choices[0].choice == 1);
  CHECK(importance->choices[0].share == Approx(0.75).margin(0.03));
  CHECK(importance->choices[1].choice == 0);
  CHECK(importance->choices[1].share == Approx(0.25).margin(0.03));
  CHECK(importance->choices[2].share < 0.01);
  CHECK(importance->pairs.empty());
}

TEST_CASE("Two choices that matter only together are named together") {
  const auto trials = trials_of(
      1200, [](const auto& values) { return (decades(values[0]) + 2) * (height(values[1]) - 2); });
  const auto importance = importance_of(choices(), trials, "loss", 0);
  REQUIRE(importance);
  CHECK(importance->choices[0].share < 0.1);
  REQUIRE_FALSE(importance->pairs.empty());
  CHECK(importance->pairs[0].share > 0.8);
  const Json json = to_json(choices(), *importance);
  const auto names = json["pairs"][0]["names"].get<std::set<std::string>>();
  CHECK(names == std::set<std::string>{"rate", "kind"});
}

TEST_CASE("The partial dependence follows the metric along each choice") {
  const auto trials =
      trials_of(1200, [](const auto& values) { return decades(values[0]) + height(values[1]); });
  const auto importance = importance_of(choices(), trials, "loss", 0);
  REQUIRE(importance);
  const auto& rate = importance->choices[1].curve;
  CHECK(rate.front().value == Approx(1e-4));
  CHECK(rate.back().value == Approx(1));
  CHECK(rate.back().metric.mean - rate.front().metric.mean == Approx(4).margin(0.3));
  const auto& kind = importance->choices[0].curve;
  REQUIRE(kind.size() == 4);
  CHECK(kind.back().metric.mean - kind.front().metric.mean == Approx(4).margin(0.3));
  CHECK((kind.back().label == "b" || kind.back().label == "d"));
}

TEST_CASE("Metrics of any size matter as much, and have curves of their size") {
  const auto shares = [](double size) {
    const auto trials =
        trials_of(300, [=](const auto& values) { return size * (1 + height(values[1])); });
    const auto importance = importance_of(choices(), trials, "loss", 0);
    REQUIRE(importance);
    CHECK(importance->choices[0].curve.back().metric.mean / size == Approx(5).margin(0.3));
    return importance->choices[0].share;
  };
  CHECK(shares(0x1p700) == shares(1));
  CHECK(shares(0x1p-700) == shares(1));
}

TEST_CASE("Only trials that compare are looked at, and there must be ten that differ") {
  auto trials = trials_of(30, [](const auto& values) { return decades(values[0]); });
  CHECK(importance_of(choices(), trials, "loss", 0)->trials == 30);
  CHECK_FALSE(importance_of(choices(), trials, "accuracy", 0));
  trials[0].state = TrialState::failed;
  for (size_t i = 1; i < 15; ++i) trials[i].budget = 3;
  CHECK(importance_of(choices(), trials, "loss", 0)->trials == 15);  // the evaluator's own budget
  CHECK_FALSE(importance_of(choices(), std::span(trials).first(10), "loss", 0));
  for (auto& trial : trials) trial.metrics["loss"] = 1;
  CHECK_FALSE(importance_of(choices(), trials, "loss", 0));
}

}  // namespace
}  // namespace nas
